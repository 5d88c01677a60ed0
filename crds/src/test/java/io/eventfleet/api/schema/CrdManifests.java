// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.schema;

import io.eventfleet.api.meta.v1alpha1.BrokerRegistry;
import io.eventfleet.api.meta.v1alpha1.ClusterMeta;
import io.eventfleet.api.meta.v1alpha1.PartitionShard;
import io.eventfleet.api.v1alpha1.ConsumerGroup;
import io.eventfleet.api.v1alpha1.EventCluster;
import io.eventfleet.api.v1alpha1.Topic;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrBool;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Generates the CustomResourceDefinitions from the model and adds what annotations cannot say. */
final class CrdManifests {
    static final List<Class<? extends HasMetadata>> KINDS = List.of(
            EventCluster.class,
            Topic.class,
            ConsumerGroup.class,
            ClusterMeta.class,
            BrokerRegistry.class,
            PartitionShard.class);

    private static final long MAX_CONDITIONS = 16;

    private CrdManifests() {}

    /** Writes one file per kind into the folder. */
    static void generate(Path folder) {
        new CRDGenerator()
                .customResourceClasses(KINDS)
                .forCRDVersions("v1")
                .withMinQuotes(true)
                .inOutputDir(folder.toFile())
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata generated, String crdVersion) {
                        return finish((CustomResourceDefinition) generated);
                    }
                })
                .detailedGenerate();
    }

    private static CustomResourceDefinition finish(CustomResourceDefinition crd) {
        var kind = crd.getSpec().getNames().getKind();
        for (var version : crd.getSpec().getVersions()) {
            orderColumns(version, kind);
            var root = version.getSchema().getOpenAPIV3Schema();
            root.setRequired(List.of("spec"));
            switch (kind) {
                case "EventCluster" -> finishEventCluster(root);
                case "Topic" -> intOrString(property(root, "spec", "config"));
                case "ConsumerGroup" -> finishConsumerGroup(root);
                default -> finishMetadata(root);
            }
            finishConditions(root);
            dropRepeatedRules(root);
        }
        return crd;
    }

    /** A rule on a record component is seen by the generator twice: on the field and on its accessor. */
    private static void dropRepeatedRules(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(
                    schema.getXKubernetesValidations().stream().distinct().toList());
        }
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(CrdManifests::dropRepeatedRules);
        }
        if (schema.getItems() != null) {
            dropRepeatedRules(schema.getItems().getSchema());
        }
    }

    private static void finishEventCluster(JSONSchemaProps root) {
        listMap(property(root, "spec", "listeners"), "name");
        intOrString(property(root, "spec", "config"));
    }

    private static void finishConsumerGroup(JSONSchemaProps root) {
        property(root, "spec", "topics").setXKubernetesListType("set");
        listMap(property(root, "status", "members"), "memberId");
        listMap(property(root, "status", "topics"), "name");
        require(property(root, "status", "members").getItems().getSchema(), "memberId");
        require(property(root, "status", "topics").getItems().getSchema(), "name");
    }

    /** Metadata documents are replaced as a whole: one owner per field would cost more bytes than the fields. */
    private static void finishMetadata(JSONSchemaProps root) {
        root.getProperties().remove("status");
        property(root, "spec").setXKubernetesMapType("atomic");
        property(root, "spec").getProperties().values().forEach(field -> {
            if (field.getItems() != null) {
                field.setXKubernetesListType("atomic");
            }
            if (field.getAdditionalProperties() != null) {
                field.setXKubernetesMapType("atomic");
            }
        });
    }

    private static void finishConditions(JSONSchemaProps root) {
        var status = root.getProperties().get("status");
        if (status == null) {
            return;
        }
        var conditions = status.getProperties().get("conditions");
        listMap(conditions, "type");
        conditions.setMaxItems(MAX_CONDITIONS);
        require(conditions.getItems().getSchema(), "type", "status", "lastTransitionTime", "reason", "message");
    }

    private static void require(JSONSchemaProps object, String... names) {
        object.setRequired(List.of(names));
    }

    private static void listMap(JSONSchemaProps list, String key) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
    }

    /** YAML writes {@code retention.ms: 604800000} as a number; both spellings are one value. */
    private static void intOrString(JSONSchemaProps map) {
        var value = new JSONSchemaProps();
        value.setXKubernetesIntOrString(true);
        map.setAdditionalProperties(new JSONSchemaPropsOrBool(null, value));
    }

    private static JSONSchemaProps property(JSONSchemaProps root, String... path) {
        var schema = root;
        for (var name : path) {
            schema = schema.getProperties().get(name);
        }
        return schema;
    }

    /** The generator sorts columns by path; people read them in the order of their declaration. */
    private static void orderColumns(CustomResourceDefinitionVersion version, String kind) {
        var model = KINDS.stream()
                .filter(type -> type.getSimpleName().equals(kind))
                .findFirst()
                .orElseThrow();
        var order = Arrays.stream(model.getAnnotationsByType(AdditionalPrinterColumn.class))
                .map(AdditionalPrinterColumn::name)
                .toList();
        version.getAdditionalPrinterColumns().sort(Comparator.comparingInt(column -> order.indexOf(column.getName())));
    }
}
