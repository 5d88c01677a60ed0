// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eventfleet.bench.load.LoadException;
import io.eventfleet.bench.result.Metric;
import io.eventfleet.bench.result.Results;
import io.eventfleet.bench.suite.Scale;
import io.eventfleet.bench.suite.Suite;
import io.eventfleet.bench.system.BrokerProcess;
import io.eventfleet.bench.system.RunningSystem;
import io.eventfleet.bench.system.SystemUnderTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchRunTest {
    private static final Metric METRIC = Metric.higher("fake", "work", "1/s");

    @TempDir
    Path work;

    private final List<String> events = new ArrayList<>();

    @Test
    void letsTheSystemsTakeTurnsAndBeginsEachRoundWithAnotherOne() throws IOException {
        BenchRun run = new BenchRun(
                List.of(new FakeSystem("a"), new FakeSystem("b")), List.of(new FakeSuite()), Scale.quick(), 2);

        Results results = run.run(work, text -> {});

        assertThat(events)
                .containsExactly(
                        "start a", "measure", "stop a", "start b", "measure", "stop b", "start b", "measure", "stop b",
                        "start a", "measure", "stop a");
        assertThat(results.samples("b", METRIC)).hasSize(2);
    }

    @Test
    void leavesNoFoldersBehind() throws IOException {
        new BenchRun(List.of(new FakeSystem("a")), List.of(new FakeSuite()), Scale.quick(), 1).run(work, text -> {});

        assertThat(work).isEmptyDirectory();
    }

    @Test
    void stopsTheSystemWhenItLosesWork() {
        Suite failing = new FakeSuite() {
            @Override
            public void measure(RunningSystem system, Scale scale, Recorder recorder) {
                throw new LoadException("a record was not acknowledged");
            }
        };
        BenchRun run = new BenchRun(List.of(new FakeSystem("a")), List.of(failing), Scale.quick(), 1);

        assertThatThrownBy(() -> run.run(work, text -> {})).isInstanceOf(LoadException.class);
        assertThat(events).containsExactly("start a", "stop a");
    }

    private class FakeSuite implements Suite {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public void measure(RunningSystem system, Scale scale, Recorder recorder) {
            events.add("measure");
            recorder.record(METRIC, 1);
        }
    }

    private class FakeSystem implements SystemUnderTest {
        private final String name;

        FakeSystem(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String describe() {
            return name;
        }

        @Override
        public RunningSystem start(Path folder) throws IOException {
            Files.writeString(folder.resolve("data"), "some");
            events.add("start " + name);
            return new FakeRunning(name);
        }
    }

    private class FakeRunning implements RunningSystem {
        private final String name;

        FakeRunning(String name) {
            this.name = name;
        }

        @Override
        public String bootstrap() {
            return "127.0.0.1:1";
        }

        @Override
        public BrokerProcess broker() {
            return new BrokerProcess(ProcessHandle.current().pid());
        }

        @Override
        public Duration startUp() {
            return Duration.ofSeconds(1);
        }

        @Override
        public void close() {
            events.add("stop " + name);
        }
    }
}
