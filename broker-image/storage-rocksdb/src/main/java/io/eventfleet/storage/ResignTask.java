// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

/** Ends leadership here: appends queued before it are decided before it, later ones are refused. */
final class ResignTask extends StageTask<Void> {

    private final StorageShard shard;
    private final PartitionState partition;

    ResignTask(StorageShard shard, PartitionState partition) {
        this.shard = shard;
        this.partition = partition;
    }

    @Override
    public void perform(Turn turn) {
        partition.log(shard.database()).resign();
        turn.afterWrite(() -> done().complete(null));
    }
}
