// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedPortsTest {
    @TempDir
    Path folder;

    @Test
    void givesConsecutivePortsFromTheListenersOwn() {
        Ports ports = ports();

        assertThat(published(ports, "default/a-broker", 0).clientPorts()).containsExactly(9092);
        PublishedPorts second = published(ports, "default/a-broker", 1);
        assertThat(second.clientPorts()).containsExactly(9093);
        assertThat(second.environment())
                .containsEntry("EVENTFLEET_LISTENERS", "plain://127.0.0.1:9093")
                .containsEntry("EVENTFLEET_ADVERTISED_LISTENERS", "plain://127.0.0.1:9093");
        assertThat(second.environment().get("EVENTFLEET_HEALTH_LISTENER")).isEqualTo("127.0.0.1:" + second.local(9404));
        assertThat(second.environment().get("EVENTFLEET_INTERNAL_ADVERTISED"))
                .isEqualTo(second.environment().get("EVENTFLEET_INTERNAL_LISTENER"));
        assertThat(second.local(9092)).isEqualTo(9093);
        assertThat(second.local(5555)).isEqualTo(5555);
    }

    @Test
    void givesASecondClusterTheNextRangeAndRemembersIt() {
        Ports ports = ports();
        published(ports, "default/a-broker", 0);

        assertThat(published(ports, "default/b-broker", 1).clientPorts()).containsExactly(9092 + Ports.RANGE + 1);
        Ports reopened = ports();
        assertThat(published(reopened, "default/b-broker", 1).clientPorts()).containsExactly(9092 + Ports.RANGE + 1);
        assertThat(published(reopened, "default/a-broker", 0).clientPorts()).containsExactly(9092);
    }

    @Test
    void givesTheRangeOfADeletedClusterToTheNext() {
        Ports ports = ports();
        published(ports, "default/a-broker", 0);
        assertThat(ports.owners()).containsExactly("default/a-broker");
        ports.release("default/a-broker");

        assertThat(published(ports, "default/b-broker", 0).clientPorts()).containsExactly(9092);
    }

    private Ports ports() {
        return new Ports(folder.resolve("ports.properties"));
    }

    private static PublishedPorts published(Ports ports, String owner, int ordinal) {
        var configuration = new Properties();
        configuration.setProperty("listeners", "plain://0.0.0.0:9092");
        configuration.setProperty("eventfleet.internal.listener", "0.0.0.0:9093");
        configuration.setProperty("eventfleet.health.listener", "0.0.0.0:9404");
        return PublishedPorts.of(configuration, ports, owner, ordinal);
    }
}
