// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.api.data;

import io.eventfleet.core.KafkaError;
import io.eventfleet.core.log.AppendListener;
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
 */
final class ProducedListener implements AppendListener {
    private static final short ACKS_ALL = -1;

    private final Promise promise;
    private final LedReplica replica;
    private final PartitionProduceResponse part;
    private final ProduceAnswer answer;
    private final ScheduledExecutorService timers;

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

    @Override
    public void onWritten(Appended appended) {
        if (promise.acks() == 0) {
            answer.appended(part, appended);
        }
    }

    @Override
    public void onDurable(Appended appended) {
        if (promise.acks() == 0) {
            return;
        }
        if (promise.acks() != ACKS_ALL) {
            answer.appended(part, appended);
        } else if (replica.highWatermark() > appended.lastOffset() && !replica.hasEnded()) {
            committed(appended);
        } else {
            new CommitWait(appended).begin();
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
    public void onRejected(Rejected rejected) {
        if (rejected.error() == KafkaError.NOT_LEADER_OR_FOLLOWER) {
            answer.leadershipEnded(part, replica.id(), rejected.message());
        } else {
            answer.refused(part, rejected.error(), rejected.message());
        }
    }

    /** Waits until the high watermark passes the batch. */
    private final class CommitWait implements ProgressListener {
        private final Appended appended;
        private final AtomicBoolean over = new AtomicBoolean();
        private volatile @Nullable Future<?> timer;

        CommitWait(Appended appended) {
            this.appended = appended;
        }

        void begin() {
            replica.addWaiter(this);
            timer = timers.schedule(this::timeOut, promise.timeoutMs(), TimeUnit.MILLISECONDS);
            if (replica.hasEnded()) {
                onEnded(replica);
            }
            onProgress(replica, 0);
            if (over.get()) {
                stop();
            }
        }

        @Override
        public void onProgress(LedReplica led, long bytes) {
            if (replica.highWatermark() > appended.lastOffset() && !replica.hasEnded() && ends()) {
                committed(appended);
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
                stop();
            }
            return first;
        }

        private void stop() {
            replica.removeWaiter(this);
            var scheduled = timer;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }
}
