// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.message.Envelope;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.cluster.port.NodeIdentity;
import io.eventfleet.core.cluster.port.Signal;
import io.eventfleet.core.step.Effects;
import org.jspecify.annotations.Nullable;

/** Where the controller is, and which controller may be believed. */
final class ControllerLink {

    private final NodeIdentity me;
    private Signal.@Nullable ControllerSeen controller;
    private int highestEpoch;

    /** @param highestEpoch highest controller epoch on the disk */
    ControllerLink(NodeIdentity me, int highestEpoch) {
        this.me = me;
        this.highestEpoch = highestEpoch;
    }

    void seen(Signal.ControllerSeen found) {
        controller = found;
    }

    boolean known() {
        return controller != null;
    }

    /** True if the message is meant for this process. */
    boolean addressedToMe(Envelope envelope) {
        return envelope.dstId() == me.brokerId()
                && (envelope.dstIncarnation() == null
                        || envelope.dstIncarnation().equals(me.incarnation()));
    }

    /** True if no newer controller has been heard than the one that says this. */
    boolean believable(Envelope envelope) {
        return envelope.controllerEpoch() >= highestEpoch;
    }

    /** Remembers the sender's epoch; a sender other than the one known is worth a look at the Lease. */
    void heard(Envelope envelope, Effects<ClusterEffect> out) {
        boolean other = controller == null || !controller.holder().incarnation().equals(envelope.srcIncarnation());
        if (envelope.controllerEpoch() > highestEpoch || other) {
            highestEpoch = Math.max(highestEpoch, envelope.controllerEpoch());
            if (other) {
                out.emit(new Signal.ControllerHinted());
            }
        }
    }

    /** Sends to the controller, if one is known. */
    void send(long brokerEpoch, Message.ToController message, Effects<ClusterEffect> out) {
        if (controller != null) {
            var holder = controller.holder();
            out.emit(new NodeEffect.Send(
                    controller.address(),
                    new Envelope(
                            me.brokerId(),
                            me.incarnation(),
                            brokerEpoch,
                            -1,
                            holder.brokerId(),
                            holder.incarnation(),
                            message)));
        }
    }
}
