// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import io.eventfleet.core.log.LogState;

/** Begins to follow in a leader epoch: appends of this broker's own that are queued behind it are refused. */
final class FollowTask extends StageTask<Void> {

    private final StorageShard shard;
    private final PartitionState partition;
    private final int leaderEpoch;

    FollowTask(StorageShard shard, PartitionState partition, int leaderEpoch) {
        this.shard = shard;
        this.partition = partition;
        this.leaderEpoch = leaderEpoch;
    }

    @Override
    public void perform(Turn turn) {
        LogState log = partition.log(shard.database());
        if (LeadTask.refused(this, partition, leaderEpoch, log)) {
            return;
        }
        log.becomeFollower(leaderEpoch);
        turn.touch(partition);
        turn.afterWrite(() -> {
            // Consumers and followers read from the leader: its memory is worth more to partitions that are led here.
            shard.tails().forget(partition);
            partition.publishLeaderEpoch(leaderEpoch);
        });
        turn.afterDurable(() -> done().complete(null));
    }
}
