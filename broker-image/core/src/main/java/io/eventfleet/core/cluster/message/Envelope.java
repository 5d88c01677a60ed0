// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.message;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message with who says it to whom. Messages may be lost, delayed, repeated and reordered; receivers drop what is
 * addressed to another process, and answer what comes from a superseded one with {@link Message.Superseded}.
 *
 * @param srcId broker id of the sender
 * @param srcIncarnation process of the sender
 * @param srcEpoch its broker epoch, or -1 before its registration
 * @param controllerEpoch the sender's epoch if it speaks as the controller, else -1
 * @param dstId broker id of the receiver
 * @param dstIncarnation process that is meant, or null when any process of that id is
 * @param message what is said
 */
public record Envelope(
        int srcId,
        UUID srcIncarnation,
        long srcEpoch,
        int controllerEpoch,
        int dstId,
        @Nullable UUID dstIncarnation,
        Message message) {}
