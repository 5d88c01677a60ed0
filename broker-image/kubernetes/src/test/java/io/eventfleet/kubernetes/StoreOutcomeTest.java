// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of writes that the API server refuses, drops or does not answer. */
class StoreOutcomeTest {
    private static final ObjectNames NAMES = new ObjectNames(StoreHarness.CLUSTER);
    private static final int NO_STATUS = 0;

    private HttpServer server;
    private StoreHarness harness;
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile int status;
    private volatile boolean stalls;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            if (stalls) {
                try {
                    ended.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (stalls || status == NO_STATUS) {
                exchange.close();
                return;
            }
            var body = "{\"kind\":\"Status\",\"message\":\"no\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        var url = "http://127.0.0.1:" + server.getAddress().getPort();
        harness = new StoreHarness(new ConfigBuilder().withMasterUrl(url).build());
    }

    @AfterEach
    void close() {
        ended.countDown();
        harness.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({
        "404, CONFLICT", "409, CONFLICT", "400, REJECTED", "403, REJECTED", "413, REJECTED", "422, REJECTED",
        "408, UNKNOWN", "429, UNKNOWN", "500, UNKNOWN", "503, UNKNOWN", "504, UNKNOWN", "0, UNKNOWN"
    })
    void classifiesTheAnswerAndAsksOnce(int answered, Outcome outcome) throws InterruptedException {
        status = answered;

        var put = harness.ask(new StoreEffect.Put(1, NAMES.root(), "5", RootDoc.created("c"), 5000));

        assertThat(put).isEqualTo(new StoreEvent.PutDone(1, outcome, ""));
        assertThat(requests).hasValue(1);
    }

    @Test
    void aWriteWithoutAnAnswerEndsWithItsTime() throws InterruptedException {
        stalls = true;

        var put = harness.ask(new StoreEffect.Put(1, NAMES.root(), "5", RootDoc.created("c"), 200));

        assertThat(put).isEqualTo(new StoreEvent.PutDone(1, Outcome.UNKNOWN, ""));
    }

    @Test
    void aWriteToNobodyIsUnknown() throws InterruptedException {
        server.stop(0);

        var put = harness.ask(new StoreEffect.Put(1, NAMES.root(), "5", RootDoc.created("c"), 5000));

        assertThat(put).isEqualTo(new StoreEvent.PutDone(1, Outcome.UNKNOWN, ""));
    }

    @Test
    void aFailedReadIsNoAnswerAndNeverAbsence() throws InterruptedException {
        status = 503;

        var got = harness.ask(new StoreEffect.Get(1, NAMES.root(), 5000));
        var listed = harness.ask(new StoreEffect.ListAll(2, Kind.SHARD, 5000));

        assertThat(got).isEqualTo(new StoreEvent.Got(1, false, Optional.empty()));
        assertThat(((StoreEvent.Listed) listed).answered()).isFalse();
    }

    @Test
    void aWatchThatCannotBeginEnds() throws InterruptedException {
        status = 503;

        var event = harness.ask(new StoreEffect.Watch(Kind.LEASE));

        assertThat(event).isEqualTo(new StoreEvent.WatchEnded(Kind.LEASE, true));
    }
}
