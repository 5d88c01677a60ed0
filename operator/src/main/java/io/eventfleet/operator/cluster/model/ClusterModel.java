// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.EventClusterSpec;
import io.eventfleet.config.BrokerConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the children of one EventCluster depend on, with the meaning of absent fields filled in. Made once per pass.
 *
 * @param owner the EventCluster that the children belong to
 * @param clusterId identity of the cluster's data
 * @param brokers what the brokers run with
 * @param listeners where clients connect; never empty
 * @param config what the brokers are configured with
 */
public record ClusterModel(
        Owner owner,
        String clusterId,
        Brokers brokers,
        List<EventClusterSpec.Listener> listeners,
        BrokerConfig config) {

    /**
     * The EventCluster that children belong to.
     *
     * @param namespace of it and of all children
     * @param name of it
     * @param uid of it
     */
    public record Owner(String namespace, String name, String uid) {
        static Owner of(EventCluster cluster) {
            var metadata = cluster.getMetadata();
            return new Owner(metadata.getNamespace(), metadata.getName(), metadata.getUid());
        }

        /** Metadata of a child of that name, owned and labelled. */
        ObjectMeta child(String childName) {
            return new ObjectMetaBuilder()
                    .withNamespace(namespace)
                    .withName(childName)
                    .withLabels(Labels.ofClusterChild(name))
                    .addNewOwnerReference()
                    .withApiVersion(HasMetadata.getApiVersion(EventCluster.class))
                    .withKind(HasMetadata.getKind(EventCluster.class))
                    .withName(name)
                    .withUid(uid)
                    .withController(true)
                    .withBlockOwnerDeletion(true)
                    .endOwnerReference()
                    .build();
        }
    }

    /**
     * What the brokers run with.
     *
     * @param image of the container
     * @param replicas how many there are to be now
     * @param resources of the container
     * @param storageSize of the volume of each
     * @param storageClassName of the volume; null: the default class
     */
    public record Brokers(
            String image,
            int replicas,
            EventClusterSpec.Resources resources,
            Quantity storageSize,
            @Nullable String storageClassName) {}

    /**
     * Decisions that follow from what already exists.
     *
     * @param clusterId identity of the cluster's data
     * @param image of the container
     * @param replicas brokers to run now: more than declared while a scale-down is held
     * @param storageSize size that the volume template has, or the declared one when there is none yet
     */
    public record Decisions(String clusterId, String image, int replicas, Quantity storageSize) {}

    /** The model of a cluster whose spec was found valid. */
    public static ClusterModel of(EventCluster cluster, Decisions decisions) {
        var spec = cluster.getSpec();
        return new ClusterModel(
                Owner.of(cluster),
                decisions.clusterId(),
                new Brokers(
                        decisions.image(),
                        decisions.replicas(),
                        ClusterDefaults.resources(spec),
                        decisions.storageSize(),
                        spec.storage().storageClassName()),
                ClusterDefaults.listeners(spec),
                BrokerConfigs.of(cluster.getMetadata().getName(), spec));
    }

    /** Memory of each broker. */
    public BrokerMemory memory() {
        return ClusterDefaults.memory(brokers.resources());
    }

    /** Where clients connect first: host:port. */
    public String bootstrap() {
        return ClusterDefaults.bootstrap(
                owner.namespace(), owner.name(), listeners.getFirst().port());
    }
}
