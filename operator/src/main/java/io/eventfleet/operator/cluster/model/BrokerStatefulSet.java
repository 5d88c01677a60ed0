// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import io.eventfleet.api.contract.Annotations;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.api.contract.Names;
import io.eventfleet.api.contract.Ports;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The StatefulSet of a cluster's brokers. */
public final class BrokerStatefulSet {
    private static final String CONTAINER = "broker";
    private static final String CONFIG_VOLUME = "config";
    private static final String CONFIG_PATH = "/etc/eventfleet";
    private static final String DATA_PATH = "/var/lib/eventfleet";
    private static final String SCRATCH_VOLUME = "tmp";
    private static final String SCRATCH_PATH = "/tmp";
    private static final long NON_ROOT_ID = 10_001;

    /** Time to close the storage after a controlled shutdown. */
    private static final long CLOSING_SECONDS = 25;

    /** Recovery replays a bounded write-ahead log; this also covers a volume that is slow to attach. */
    private static final int STARTUP_ATTEMPTS_OF_ONE_SECOND = 600;

    private BrokerStatefulSet() {}

    /** The StatefulSet that the model asks for. */
    public static StatefulSet of(ClusterModel model) {
        var cluster = model.owner().name();
        return new StatefulSetBuilder()
                .withMetadata(model.owner().child(Names.brokers(cluster)))
                .withNewSpec()
                .withReplicas(model.brokers().replicas())
                .withServiceName(Names.brokersService(cluster))
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("RollingUpdate")
                .endUpdateStrategy()
                .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
                .withNewSelector()
                .withMatchLabels(Labels.brokerSelector(cluster))
                .endSelector()
                .withTemplate(podTemplate(model))
                .withVolumeClaimTemplates(dataClaim(model))
                .endSpec()
                .build();
    }

    private static PodTemplateSpec podTemplate(ClusterModel model) {
        var cluster = model.owner().name();
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.ofClusterChild(cluster))
                .withAnnotations(Map.of(
                        Annotations.CONFIG_HASH, Checksums.sha256(model.config().toText())))
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(Names.brokers(cluster))
                .withAutomountServiceAccountToken(true)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(terminationGraceSeconds(model))
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(NON_ROOT_ID)
                .withRunAsGroup(NON_ROOT_ID)
                .withFsGroup(NON_ROOT_ID)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withTopologySpreadConstraints(
                        spread(cluster, "topology.kubernetes.io/zone"), spread(cluster, "kubernetes.io/hostname"))
                .withContainers(container(model))
                .withVolumes(
                        new VolumeBuilder()
                                .withName(CONFIG_VOLUME)
                                .withNewConfigMap()
                                .withName(Names.brokers(cluster))
                                .endConfigMap()
                                .build(),
                        // The native library of the storage engine is unpacked here; the root file system is read-only.
                        new VolumeBuilder()
                                .withName(SCRATCH_VOLUME)
                                .withNewEmptyDir()
                                .endEmptyDir()
                                .build())
                .endSpec()
                .build();
    }

    /** As long as a controlled shutdown may take, so that leaders are moved before the process is killed. */
    private static long terminationGraceSeconds(ClusterModel model) {
        return model.config().coordination().shutdownTimeout().toSeconds() + CLOSING_SECONDS;
    }

    private static Container container(ClusterModel model) {
        var resources = model.brokers().resources();
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(model.brokers().image())
                .withImagePullPolicy("IfNotPresent")
                .withEnv(environment(model))
                .withPorts(ports(model))
                .withResources(new ResourceRequirementsBuilder()
                        .withRequests(resources.requests())
                        .withLimits(resources.limits())
                        .build())
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withStartupProbe(probe("/startupz", 1, STARTUP_ATTEMPTS_OF_ONE_SECOND))
                .withReadinessProbe(probe("/readyz", 2, 2))
                .withLivenessProbe(probe("/livez", 10, 3))
                .withVolumeMounts(
                        new VolumeMountBuilder()
                                .withName(CONFIG_VOLUME)
                                .withMountPath(CONFIG_PATH)
                                .withReadOnly(true)
                                .build(),
                        new VolumeMountBuilder()
                                .withName(Names.dataVolume())
                                .withMountPath(DATA_PATH)
                                .build(),
                        new VolumeMountBuilder()
                                .withName(SCRATCH_VOLUME)
                                .withMountPath(SCRATCH_PATH)
                                .build())
                .build();
    }

    private static List<EnvVar> environment(ClusterModel model) {
        return List.of(
                field("POD_NAME", "metadata.name"),
                field("POD_NAMESPACE", "metadata.namespace"),
                field("POD_UID", "metadata.uid"),
                field("POD_IP", "status.podIP"),
                field("NODE_NAME", "spec.nodeName"),
                new EnvVar("EVENTFLEET_CLUSTER", model.owner().name(), null),
                new EnvVar("EVENTFLEET_CONFIG", CONFIG_PATH + "/" + BrokerObjects.CONFIG_FILE, null),
                new EnvVar("EVENTFLEET_DATA", DATA_PATH, null),
                new EnvVar("JAVA_TOOL_OPTIONS", model.memory().jvmOptions(), null));
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef("v1", path)
                .endValueFrom()
                .build();
    }

    private static List<ContainerPort> ports(ClusterModel model) {
        var ports = new ArrayList<ContainerPort>();
        model.listeners().forEach(listener -> ports.add(port(listener.name(), listener.port())));
        ports.add(port("internal", Ports.INTERNAL));
        ports.add(port("health", Ports.HEALTH));
        return ports;
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString("health"))
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(Math.min(periodSeconds, 2))
                .withFailureThreshold(failures)
                .build();
    }

    private static TopologySpreadConstraint spread(String cluster, String topologyKey) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(topologyKey)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(Labels.brokerSelector(cluster))
                .endLabelSelector()
                .build();
    }

    /** The claim carries the cluster's id, so that a cluster of the same name that is made later finds out whose data it is. */
    private static PersistentVolumeClaim dataClaim(ClusterModel model) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(Names.dataVolume())
                .withLabels(Labels.brokerSelector(model.owner().name()))
                .withAnnotations(Map.of(Annotations.CLUSTER_ID, model.clusterId()))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(model.brokers().storageClassName())
                .withNewResources()
                .addToRequests("storage", model.brokers().storageSize())
                .endResources()
                .endSpec()
                .build();
    }
}
