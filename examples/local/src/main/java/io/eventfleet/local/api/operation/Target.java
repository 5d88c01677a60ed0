// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import com.fasterxml.jackson.databind.JsonNode;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.resource.ResourceType;

/**
 * What a request is about.
 *
 * @param namespace empty for cluster-scoped objects and for requests over all namespaces
 * @param name empty for collections
 * @param subresource empty, {@code status}, {@code scale} or {@code log}
 */
public record Target(ResourceType type, String namespace, String name, String subresource) {
    static Target of(ResourceType type, JsonNode object) {
        return new Target(type, Metadata.namespace(object), Metadata.name(object), "");
    }

    boolean isStatus() {
        return subresource.equals("status");
    }
}
