// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;

/**
 * One version of one object with its serialised form. Nobody changes {@link #json()}: writers copy it first. Serialising
 * once makes lists and watches of many clients cheap.
 */
public final class StoredObject {
    private final String storageId;
    private final long resourceVersion;
    private final ObjectNode json;
    private final byte[] bytes;

    StoredObject(String storageId, long resourceVersion, ObjectNode json) {
        this.storageId = storageId;
        this.resourceVersion = resourceVersion;
        this.json = json;
        this.bytes = Json.bytes(json);
    }

    public String storageId() {
        return storageId;
    }

    public long resourceVersion() {
        return resourceVersion;
    }

    public ObjectNode json() {
        return json;
    }

    /** The JSON text; not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** Place of the object among those of its type: {@code namespace/name}. */
    public String key() {
        return key(Metadata.namespace(json), Metadata.name(json));
    }

    static String key(String namespace, String name) {
        return namespace + "/" + name;
    }
}
