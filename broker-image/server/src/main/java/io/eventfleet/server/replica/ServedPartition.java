// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.replica;

import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.FetchPosition;
import io.eventfleet.core.replication.ReplicaFetch;
import io.eventfleet.server.partition.LedReplica;
import io.eventfleet.server.partition.ProgressListener;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a follower's session: what the follower has, what it was told, and whether there is news. Confined to
 * the session's turn, but for the news, which come from storage threads.
 */
final class ServedPartition {
    private static final long NOT_TOLD = -1;

    private final TopicPartitionId id;
    private final News news;
    private final AtomicBoolean inLine = new AtomicBoolean();
    private final ProgressListener appends = new Watch(true);
    private final ProgressListener progress = new Watch(false);
    private FetchPosition position = new FetchPosition(0, -1, -1);
    private long logStartOffset;
    private int maxBytes;
    private boolean awaited;
    private boolean inLog;
    private @Nullable LedReplica replica;
    private long toldHighWatermark = NOT_TOLD;
    private long toldLogStartOffset = NOT_TOLD;

    /** Hears that a partition is worth a look. Any thread; must be quick. */
    interface News {
        /**
         * @param firstInLine true if the partition has not been told since the last {@link #takeOutOfLine}
         * @param urgent true for more than a high watermark
         */
        void of(ServedPartition partition, boolean firstInLine, boolean urgent);
    }

    ServedPartition(TopicPartitionId id, News news) {
        this.id = id;
        this.news = news;
    }

    TopicPartitionId id() {
        return id;
    }

    /** The follower named the partition: it is there now. */
    void named(FetchPartition wanted) {
        position = new FetchPosition(wanted.fetchOffset(), wanted.lastFetchedEpoch(), wanted.currentLeaderEpoch());
        logStartOffset = wanted.logStartOffset();
        maxBytes = wanted.partitionMaxBytes();
        awaited = false;
        inLog = false;
        tell(true);
    }

    FetchPosition position() {
        return position;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** The follower's own words, for the leader's books. */
    ReplicaFetch toFetch(int replicaId, long brokerEpoch) {
        return new ReplicaFetch(
                replicaId, brokerEpoch, position.currentLeaderEpoch(), position.fetchOffset(), logStartOffset);
    }

    /**
     * True when the follower was answered something that changes its position, and has not said where it is since: what
     * it has now is not known, so it is answered nothing more.
     */
    boolean isAwaited() {
        return awaited;
    }

    void await() {
        awaited = true;
    }

    /** True when the follower's log is known to be a prefix of the leader's. */
    boolean isInLog() {
        return inLog;
    }

    void foundInLog() {
        inLog = true;
    }

    /** The leadership that is watched for news, if any. */
    @Nullable
    LedReplica replica() {
        return replica;
    }

    /** Watches this leadership, and none before it. Look at it only afterwards: what happens from now on is told. */
    void watch(LedReplica next) {
        if (replica != next) {
            unwatch();
            replica = next;
            toldHighWatermark = NOT_TOLD;
            next.addAppendWaiter(appends);
            next.addWaiter(progress);
        }
    }

    void unwatch() {
        var watched = replica;
        if (watched != null) {
            replica = null;
            watched.removeAppendWaiter(appends);
            watched.removeWaiter(progress);
        }
    }

    boolean knows(long highWatermark, long logStart) {
        return toldHighWatermark == highWatermark && toldLogStartOffset == logStart;
    }

    boolean knowsLogStart(long logStart) {
        return toldLogStartOffset == logStart;
    }

    void told(long highWatermark, long logStart) {
        toldHighWatermark = highWatermark;
        toldLogStartOffset = logStart;
    }

    /** About to be looked at: what happens from now on is told again. */
    void takeOutOfLine() {
        inLine.set(false);
    }

    /** There is something to look at. */
    void tell(boolean urgent) {
        news.of(this, inLine.compareAndSet(false, true), urgent);
    }

    private final class Watch implements ProgressListener {
        private final boolean urgent;

        Watch(boolean urgent) {
            this.urgent = urgent;
        }

        @Override
        public void onProgress(LedReplica changed, long bytes) {
            tell(urgent);
        }

        @Override
        public void onEnded(LedReplica changed) {
            tell(true);
        }
    }
}
