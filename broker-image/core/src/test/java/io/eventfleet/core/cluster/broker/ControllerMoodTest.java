// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.ClusterEffect;
import io.eventfleet.core.cluster.message.Message;
import io.eventfleet.core.cluster.port.NodeEffect;
import io.eventfleet.core.step.Core;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When leaders may propose a larger ISR. */
class ControllerMoodTest {

    private final List<ClusterEffect> effects = new ArrayList<>();
    private final ControllerMood mood = new ControllerMood(6);

    @Test
    void onlyWhileTheControllerSaysThatItWrites() {
        mood.onAck(0, new Message.HeartbeatAck(false, null), effects::add);
        mood.onAck(1, new Message.HeartbeatAck(false, null), effects::add);
        assertThat(effects).containsExactly(new NodeEffect.ControllerWritable(true));
        effects.clear();

        mood.onAck(2, new Message.HeartbeatAck(true, null), effects::add);
        assertThat(effects).containsExactly(new NodeEffect.ControllerWritable(false));
        mood.onAck(3, new Message.HeartbeatAck(false, "the store is older"), effects::add);
        assertThat(effects).hasSize(1);
    }

    @Test
    void notOnceItIsSilent() {
        mood.onAck(1, new Message.HeartbeatAck(false, null), effects::add);
        mood.onTime(6, effects::add);
        assertThat(effects).hasSize(1);
        assertThat(mood.deadline()).isEqualTo(7);

        mood.onTime(7, effects::add);

        assertThat(effects).last().isEqualTo(new NodeEffect.ControllerWritable(false));
        assertThat(mood.deadline()).isEqualTo(Core.NO_DEADLINE);
    }
}
