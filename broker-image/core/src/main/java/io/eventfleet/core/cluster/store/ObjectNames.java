// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/** Names of the objects of one cluster. */
public record ObjectNames(String cluster) {

    public Ref root() {
        return new Ref(Kind.ROOT, cluster);
    }

    public Ref registry() {
        return new Ref(Kind.REGISTRY, cluster);
    }

    public Ref shard(int shardId) {
        return new Ref(Kind.SHARD, cluster + "-shard-" + shardId);
    }

    public Ref controllerLease() {
        return new Ref(Kind.LEASE, cluster + "-controller");
    }

    public Ref brokerLease(int brokerId) {
        return new Ref(Kind.LEASE, cluster + "-broker-" + brokerId);
    }
}
