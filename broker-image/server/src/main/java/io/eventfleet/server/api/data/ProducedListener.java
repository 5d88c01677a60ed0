// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
import io.eventfleet.core.log.AppendRequest;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.ProgressListener;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.jspecify.annotations.Nullable;

/**
 * Answers one produced partition at the moment that its acks ask for: 0 when it is written, 1 when it is durable here, all
 * when it is committed. Called on storage threads.
 *
 * <p>When the leadership ends, whatever has not been answered is answered at once, wherever it is on its way to the disk:
 * a producer that has its first batch refused and the next ones held back would meanwhile send newer ones to the new
 * leader, and find those behind them forgotten there.
 */
final class ProducedListener implements AppendListener, ProgressListener {
    private static final short ACKS_ALL = -1;

    private final Promise promise;
    private final LedReplica replica;
    private final PartitionProduceResponse part;
    private final ProduceAnswer answer;
    private final ScheduledExecutorService timers;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile @Nullable Appended durable;
    private volatile @Nullable Future<?> timer;

    /**
     * What the client asked for.
     *
     * @param acks 0, 1 or -1
     * @param timeoutMs how long to wait for other replicas
     */
    record Promise(short acks, int timeoutMs) {}

    ProducedListener(
            Promise promise,
            LedReplica replica,
            PartitionProduceResponse part,
            ProduceAnswer answer,
            ScheduledExecutorService timers) {
        this.promise = promise;
        this.replica = replica;
        this.part = part;
        this.answer = answer;
        this.timers = timers;
    }

    /** Hands the batches to the log. */
    void append(AppendRequest request) {
        replica.addProduce(this);
        if (replica.hasEnded()) {
            onEnded(replica);
        }
        replica.log().append(request, this);
    }

    @Override
    public void onWritten(Appended appended) {
        if (promise.acks() == 0 && ends()) {
            answer.appended(part, appended);
        }
    }

    @Override
    public void onDurable(Appended appended) {
        if (promise.acks() == 0) {
            return;
        }
        if (promise.acks() != ACKS_ALL) {
            if (ends()) {
                answer.appended(part, appended);
            }
            return;
        }
        durable = appended;
        onProgress(replica, 0);
        if (!over.get()) {
            awaitCommit();
        }
    }

    @Override
    public void onRejected(Rejected rejected) {
        if (!ends()) {
            return;
        }
        if (rejected.error() == KafkaError.NOT_LEADER_OR_FOLLOWER) {
            answer.leadershipEnded(part, replica.id(), rejected.message());
        } else {
            answer.refused(part, rejected.error(), rejected.message());
        }
    }

    private void awaitCommit() {
        replica.addWaiter(this);
        timer = timers.schedule(this::timeOut, promise.timeoutMs(), TimeUnit.MILLISECONDS);
        onProgress(replica, 0);
        if (over.get()) {
            stopWaiting();
        }
    }

    @Override
    public void onProgress(LedReplica led, long bytes) {
        var appended = durable;
        if (appended != null && replica.highWatermark() > appended.lastOffset() && !replica.hasEnded() && ends()) {
            committed(appended);
        }
    }

    /** As Kafka does: with fewer in-sync replicas by now, the producer is told, and repeats what may be there already. */
    private void committed(Appended appended) {
        if (replica.view().hasEnoughReplicas()) {
            answer.appended(part, appended);
        } else {
            answer.refused(part, KafkaError.NOT_ENOUGH_REPLICAS_AFTER_APPEND, null);
        }
    }

    @Override
    public void onEnded(LedReplica led) {
        if (ends()) {
            answer.leadershipEnded(part, replica.id(), null);
        }
    }

    private void timeOut() {
        if (ends()) {
            answer.refused(part, KafkaError.REQUEST_TIMED_OUT, null);
        }
    }

    private boolean ends() {
        boolean first = over.compareAndSet(false, true);
        if (first) {
            replica.removeProduce(this);
            stopWaiting();
        }
        return first;
    }

    private void stopWaiting() {
        var scheduled = timer;
        if (scheduled != null) {
            replica.removeWaiter(this);
            scheduled.cancel(false);
        }
    }
}
