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
        if (promise.acks() != ACKS_ALL || replica.highWatermark() > appended.lastOffset()) {
            answer.appended(part, appended);
        } else {
            new CommitWait(appended).begin();
        }
    }

    @Override
    public void onRejected(Rejected rejected) {
        answer.refused(part, rejected.error(), rejected.message());
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
            timer = timers.schedule(
                    () -> refuse(KafkaError.REQUEST_TIMED_OUT), promise.timeoutMs(), TimeUnit.MILLISECONDS);
            onProgress(replica, 0);
            if (replica.hasEnded()) {
                onEnded(replica);
            }
            if (over.get()) {
                stop();
            }
        }

        @Override
        public void onProgress(LedReplica led, long bytes) {
            if (replica.highWatermark() > appended.lastOffset() && over.compareAndSet(false, true)) {
                stop();
                answer.appended(part, appended);
            }
        }

        @Override
        public void onEnded(LedReplica led) {
            refuse(KafkaError.NOT_LEADER_OR_FOLLOWER);
        }

        private void refuse(KafkaError error) {
            if (over.compareAndSet(false, true)) {
                stop();
                answer.refused(part, error, null);
            }
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
