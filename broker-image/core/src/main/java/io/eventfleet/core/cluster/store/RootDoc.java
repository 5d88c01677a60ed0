// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The root object: counters from which nothing is ever given twice, and the shards that must exist. The operator
 * creates it once per cluster; brokers never do.
 *
 * @param fence see {@link Fence}
 * @param controllerId broker id of the controller that claimed it last, or -1
 * @param controllerIncarnation process of that controller
 * @param nextBrokerEpoch next broker epoch to give; {@link #FIRST_BROKER_EPOCH} means that no broker ever registered
 * @param nextProducerId first producer id of the next block
 * @param shards names of the shard objects that must exist
 * @param featureLevel gates fields that older versions do not know
 */
public record RootDoc(
        Fence fence,
        int controllerId,
        @Nullable UUID controllerIncarnation,
        long nextBrokerEpoch,
        long nextProducerId,
        List<String> shards,
        int featureLevel)
        implements FencedBody {

    /** Value of {@link #nextBrokerEpoch()} in a new root. */
    public static final long FIRST_BROKER_EPOCH = 1;

    public RootDoc {
        shards = List.copyOf(shards);
    }

    /** A root as the operator creates it. */
    public static RootDoc created(String clusterId) {
        return new RootDoc(new Fence(1, clusterId, 0, 1, "created"), -1, null, FIRST_BROKER_EPOCH, 0, List.of(), 1);
    }

    @Override
    public RootDoc withFence(Fence newFence) {
        return new RootDoc(
                newFence, controllerId, controllerIncarnation, nextBrokerEpoch, nextProducerId, shards, featureLevel);
    }

    public RootDoc claimedBy(int id, UUID incarnation) {
        return new RootDoc(fence, id, incarnation, nextBrokerEpoch, nextProducerId, shards, featureLevel);
    }

    public RootDoc withNextBrokerEpoch(long next) {
        return new RootDoc(fence, controllerId, controllerIncarnation, next, nextProducerId, shards, featureLevel);
    }

    public RootDoc withNextProducerId(long next) {
        return new RootDoc(fence, controllerId, controllerIncarnation, nextBrokerEpoch, next, shards, featureLevel);
    }

    public RootDoc withShards(List<String> names) {
        return new RootDoc(
                fence, controllerId, controllerIncarnation, nextBrokerEpoch, nextProducerId, names, featureLevel);
    }
}
