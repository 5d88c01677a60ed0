// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.api.v1alpha1.EventCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder is a cluster ({@code in-*}) and its children ({@code out-*}); -DupdateGolden=true writes the children anew. */
class ChildObjectsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    static Stream<Path> folders() throws IOException {
        try (var folders = Files.list(GOLDEN)) {
            return folders.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("folders")
    void childrenAreAsReviewed(Path folder) throws IOException {
        // Given
        var cluster =
                Serialization.unmarshal(Files.readString(folder.resolve("in-eventcluster.yaml")), EventCluster.class);
        var decisions = new ClusterModel.Decisions(
                "cluster-id",
                "registry.example/broker:1",
                ClusterDefaults.replicas(cluster.getSpec()),
                cluster.getSpec().storage().size());

        // When
        var children = children(ClusterModel.of(cluster, decisions));
        if (Boolean.getBoolean("updateGolden")) {
            replace(folder, children);
        }

        // Then
        assertThat(stored(folder)).isEqualTo(children);
    }

    private static Map<String, String> children(ClusterModel model) {
        var owner = model.owner();
        return Stream.<HasMetadata>of(
                        BrokerAccess.serviceAccount(owner),
                        BrokerAccess.role(owner, model.brokers().replicas()),
                        BrokerAccess.roleBinding(owner),
                        BrokerObjects.configMap(model),
                        BrokerObjects.headlessService(model),
                        BrokerObjects.bootstrapService(model),
                        BrokerObjects.disruptionBudget(model),
                        BrokerStatefulSet.of(model))
                .collect(Collectors.toMap(
                        child -> "out-" + child.getKind().toLowerCase(Locale.ROOT) + "-"
                                + child.getMetadata().getName() + ".yaml",
                        Serialization::asYaml,
                        (first, second) -> {
                            throw new IllegalStateException("two children of one name");
                        },
                        TreeMap::new));
    }

    private static Map<String, String> stored(Path folder) throws IOException {
        var found = new TreeMap<String, String>();
        try (var files = Files.newDirectoryStream(folder, "out-*")) {
            for (var file : files) {
                found.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return found;
    }

    private static void replace(Path folder, Map<String, String> children) throws IOException {
        for (var name : stored(folder).keySet()) {
            Files.delete(folder.resolve(name));
        }
        for (var child : children.entrySet()) {
            Files.writeString(folder.resolve(child.getKey()), child.getValue());
        }
    }
}
