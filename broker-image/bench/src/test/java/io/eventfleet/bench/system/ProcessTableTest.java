// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTableTest {
    private static final String STAT =
            "4242 (a (very) odd name) S 1 4242 4242 0 -1 4194560 1 0 0 0 150 25 0 0 20 0 40 0 123456 1 2 3 4 5";

    @Test
    void readsCpuAndStartWhateverTheProcessIsCalled() {
        assertThat(ProcessStat.parse(STAT))
                .isEqualTo(new ProcessStat(Duration.ofMillis(1_750), Duration.ofMillis(1_234_560)));
    }

    @Test
    void refusesWhatIsNoStatLine() {
        assertThatIllegalArgumentException().isThrownBy(() -> ProcessStat.parse("4242 (java) S 1"));
    }

    @Test
    void readsSizesInBytes() {
        String status = "Name:\tjava\nVmHWM:\t  2048 kB\nVmRSS:\t  1024 kB\n";

        assertThat(BrokerProcess.statusBytes(status, "VmRSS")).isEqualTo(1_048_576);
        assertThatIllegalArgumentException().isThrownBy(() -> BrokerProcess.statusBytes(status, "VmSwap"));
    }

    @Test
    void readsThisVeryProcess() {
        BrokerProcess self = new BrokerProcess(ProcessHandle.current().pid());

        assertThat(self.cpu()).isPositive();
        assertThat(self.age()).isPositive().isLessThan(Duration.ofHours(1));
        assertThat(self.residentBytes()).isGreaterThan(1 << 20);
    }

    @Test
    void recognisesListeningSocketsByPort() {
        List<String> table = List.of(
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
                "   0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0",
                "   1: 0100007F:2384 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 888 1 0",
                "   3: 0A01007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 666 1 0",
                "   2: 0100007F:2385 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 999 1 0");

        assertThat(ListeningProcess.inodes(table, 9_092)).containsExactly("777");
    }

    @Test
    void findsTheProcessBehindAPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ListeningProcess.on(socket.getLocalPort()))
                    .contains(new BrokerProcess(ProcessHandle.current().pid()));
        }
    }
}
