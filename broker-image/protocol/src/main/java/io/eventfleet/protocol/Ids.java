// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Topic ids and incarnations in Kafka's and in Java's type: the same 128 bits. */
public final class Ids {
    private Ids() {}

    public static Uuid toKafka(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    public static UUID toJava(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
