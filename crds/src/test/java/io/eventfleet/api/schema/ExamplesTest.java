// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every rule of the manifests refuses what it should and lets the rest pass: see the example files. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("src/test/resources/examples");
    private static final Path MANIFESTS = Path.of("manifests");

    @TestFactory
    Stream<DynamicTest> examples() {
        var schemas = schemas();
        return files(EXAMPLES).stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    var example = yaml(file);
                    var schema = schemas.get(kind(file));
                    var violations = SchemaCheck.violations(schema, example.get("old"), example.get("new"));
                    if (example.get("refused") instanceof String message) {
                        assertThat(violations).singleElement().asString().contains(message);
                    } else {
                        assertThat(violations).isEmpty();
                    }
                }));
    }

    @Test
    void everyRuleIsRefusedByAnExampleAndPassedByAnother() {
        var refused = new HashSet<String>();
        var passed = new HashSet<String>();
        for (var file : files(EXAMPLES)) {
            var example = yaml(file);
            if (example.get("refused") instanceof String message) {
                refused.add(kind(file) + ": " + message);
            } else {
                passed.add(kind(file) + (example.containsKey("old") ? " changed" : " created"));
            }
        }
        schemas().forEach((kind, schema) -> {
            assertThat(passed).contains(kind + " changed", kind + " created");
            var rules = new HashSet<String>();
            collectRules(schema, rules);
            assertThat(rules).allSatisfy(message -> assertThat(refused).contains(kind + ": " + message));
        });
    }

    private static void collectRules(JSONSchemaProps schema, Set<String> messages) {
        schema.getXKubernetesValidations().forEach(rule -> messages.add(rule.getMessage()));
        schema.getProperties().values().forEach(child -> collectRules(child, messages));
        if (schema.getItems() != null) {
            collectRules(schema.getItems().getSchema(), messages);
        }
    }

    private static Map<String, JSONSchemaProps> schemas() {
        var byKind = new TreeMap<String, JSONSchemaProps>();
        for (var file : files(MANIFESTS)) {
            var crd = Serialization.unmarshal(read(file), CustomResourceDefinition.class);
            byKind.put(
                    crd.getSpec().getNames().getKind(),
                    crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema());
        }
        return byKind;
    }

    private static String kind(Path example) {
        return example.getParent().getFileName().toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> yaml(Path file) {
        return Serialization.unmarshal(read(file), Map.class);
    }

    private static List<Path> files(Path folder) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
