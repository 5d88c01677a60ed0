// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.operator.OperatorSettings;
import io.eventfleet.operator.broker.ReplicaMoves;
import io.eventfleet.operator.cluster.model.ClusterDefaults;
import jakarta.inject.Singleton;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out the {@link ScalingStep} of a cluster. Blocking, for a bounded time; any thread. */
@Singleton
class ReplicaScaling {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaScaling.class);

    private final ReplicaMoves moves;
    private final OperatorSettings settings;

    ReplicaScaling(ReplicaMoves moves, OperatorSettings settings) {
        this.moves = moves;
        this.settings = settings;
    }

    /** Does what is next and says what that is; a refusal of the brokers becomes something to wait for. */
    ScalingStep advance(EventCluster cluster, ClusterSnapshot snapshot, String bootstrap) {
        var wish = wish(cluster);
        if (!ScalingStep.asksBrokers(wish, snapshot.shards())) {
            return ScalingStep.withoutLooking(wish);
        }
        var step = ScalingStep.next(wish, snapshot.shards(), moves.look(bootstrap));
        return switch (step) {
            case ScalingStep.Moving moving
            when !moving.begin().isEmpty() -> {
                LOG.atInfo()
                        .addKeyValue("cluster", cluster.getMetadata().getName())
                        .addKeyValue("partitions", moving.begin().size())
                        .log("moving replicas");
                yield moves.begin(bootstrap, moving.begin())
                        .<ScalingStep>map(refusal ->
                                new ScalingStep.Waiting(moving.message() + "; the brokers refuse: " + refusal))
                        .orElse(moving);
            }
            default -> step;
        };
    }

    private ScalingStep.Wish wish(EventCluster cluster) {
        var status = cluster.getStatus();
        return new ScalingStep.Wish(
                ClusterDefaults.replicas(cluster.getSpec()),
                status == null ? null : status.balancedBrokers(),
                Annotations.isFalse(cluster.getMetadata().getAnnotations(), Annotations.REBALANCE),
                settings.scaling().partitionsAtOnce());
    }
}
