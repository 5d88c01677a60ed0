// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.schema;

import java.util.Map;
import java.util.Set;

/**
 * Field types of the built-in kinds, told apart by the name of a field and of its parent; the names that matter to merging
 * are unambiguous enough for this in the kinds that are served here.
 */
public final class BuiltinFields implements FieldType {
    private static final ListSemantics BY_NAME = ListSemantics.mapBy("name");
    private static final Map<String, ListSemantics> LISTS = Map.ofEntries(
            Map.entry("containers", BY_NAME),
            Map.entry("initContainers", BY_NAME),
            Map.entry("ephemeralContainers", BY_NAME),
            Map.entry("volumes", BY_NAME),
            Map.entry("imagePullSecrets", BY_NAME),
            Map.entry("secrets", BY_NAME),
            Map.entry("env", BY_NAME),
            Map.entry("volumeMounts", ListSemantics.mapBy("mountPath")),
            Map.entry("volumeDevices", ListSemantics.mapBy("devicePath")),
            Map.entry("conditions", ListSemantics.mapBy("type")),
            Map.entry("ownerReferences", ListSemantics.mapBy("uid")),
            Map.entry("hostAliases", ListSemantics.mapBy("ip")),
            Map.entry("podIPs", ListSemantics.mapBy("ip")),
            Map.entry("topologySpreadConstraints", ListSemantics.mapBy("topologyKey", "whenUnsatisfiable")),
            Map.entry("finalizers", ListSemantics.SET));
    private static final ListSemantics CONTAINER_PORTS = ListSemantics.mapBy("containerPort", "protocol");
    private static final ListSemantics SERVICE_PORTS = ListSemantics.mapBy("port", "protocol");
    private static final Set<String> ATOMIC_OBJECTS = Set.of(
            "selector",
            "labelSelector",
            "podSelector",
            "namespaceSelector",
            "nodeSelector",
            "fieldRef",
            "resourceFieldRef",
            "configMapKeyRef",
            "secretKeyRef",
            "roleRef",
            "involvedObject",
            "claimRef");

    /** The root of any built-in object. */
    public static final FieldType ROOT = new BuiltinFields("", "");

    private final String parent;
    private final String name;

    private BuiltinFields(String parent, String name) {
        this.parent = parent;
        this.name = name;
    }

    @Override
    public FieldType field(String field) {
        return new BuiltinFields(name, field);
    }

    @Override
    public FieldType element() {
        return new BuiltinFields(name, name + "[]");
    }

    @Override
    public ListSemantics list() {
        if (name.equals("ports")) {
            return parent.equals("spec")
                    ? SERVICE_PORTS
                    : parent.endsWith("ontainers[]") ? CONTAINER_PORTS : ListSemantics.ATOMIC;
        }
        return LISTS.getOrDefault(name, ListSemantics.ATOMIC);
    }

    @Override
    public boolean isAtomicObject() {
        return ATOMIC_OBJECTS.contains(name) || parent.equals("ownerReferences");
    }
}
