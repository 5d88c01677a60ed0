// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Applies YAML with server-side apply. */
final class Manifests {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(LocalFleet.FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;

    Manifests(KubernetesClient client) {
        this.client = client;
    }

    /** A file, or the files of a folder in order of name. */
    List<GenericKubernetesResource> apply(Path fileOrFolder) throws IOException {
        var applied = new ArrayList<GenericKubernetesResource>();
        if (Files.isDirectory(fileOrFolder)) {
            try (var files = Files.list(fileOrFolder)) {
                for (Path file : files.filter(Manifests::isYaml).sorted().toList()) {
                    applied.addAll(applyText(Files.readString(file)));
                }
            }
        } else {
            applied.addAll(applyText(Files.readString(fileOrFolder)));
        }
        return applied;
    }

    private static boolean isYaml(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    List<GenericKubernetesResource> applyText(String yaml) {
        var applied = new ArrayList<GenericKubernetesResource>();
        for (ObjectNode document : Json.documents(yaml)) {
            var object = Serialization.unmarshal(document.toString(), GenericKubernetesResource.class);
            applied.add(client.resource(object).patch(APPLY));
        }
        return applied;
    }
}
