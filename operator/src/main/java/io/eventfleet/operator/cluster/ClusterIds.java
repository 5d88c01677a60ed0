// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;

/** Identities of clusters, in Kafka's form: 128 random bits as URL-safe Base64. */
final class ClusterIds {
    private ClusterIds() {}

    /** A new identity; it does not start with '-', which tools would take for an option. */
    static String random() {
        while (true) {
            var uuid = UUID.randomUUID();
            var bytes = ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array();
            var id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            if (!id.startsWith("-")) {
                return id;
            }
        }
    }
}
