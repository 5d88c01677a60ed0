// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.step.Core;
import io.eventfleet.core.step.Effects;

/** Whether the controller answers heartbeats, and says in them that it can write. Leaders propose no larger ISR else (S1). */
final class ControllerMood {

    private final long silenceNanos;
    private boolean writable;
    private long believedUntil = Core.NO_DEADLINE;

    /** @param silenceNanos without an answer for so long the controller counts as unable to write */
    ControllerMood(long silenceNanos) {
        this.silenceNanos = silenceNanos;
    }

    void onAck(long now, Message.HeartbeatAck ack, Effects<ClusterEffect> out) {
        boolean writes = !ack.readOnly() && ack.safeMode() == null;
        believedUntil = writes ? now + silenceNanos : Core.NO_DEADLINE;
        set(writes, out);
    }

    void onTime(long now, Effects<ClusterEffect> out) {
        if (now >= believedUntil) {
            believedUntil = Core.NO_DEADLINE;
            set(false, out);
        }
    }

    long deadline() {
        return believedUntil;
    }

    private void set(boolean writes, Effects<ClusterEffect> out) {
        if (writable != writes) {
            writable = writes;
            out.emit(new NodeEffect.ControllerWritable(writes));
        }
    }
}
