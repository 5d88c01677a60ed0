// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.workload;

import io.eventfleet.local.torture.history.Event;
import io.eventfleet.local.torture.history.Event.Mode;
import io.eventfleet.local.torture.history.History;
import io.eventfleet.local.torture.history.Key;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** One client that asks for the end of every partition through the whole run. One thread. */
final class EndObserver implements Runnable {
    private static final int CLIENT = 0;
    private static final long PAUSE_MS = 500;
    private static final Duration LIMIT = Duration.ofSeconds(3);

    private final String bootstrap;
    private final Keys keys;
    private final History history;
    private volatile boolean stopping;

    EndObserver(String bootstrap, Keys keys, History history) {
        this.bootstrap = bootstrap;
        this.keys = keys;
        this.history = history;
    }

    /** Ends {@link #run} after the present question. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        try (KafkaConsumer<String, String> client = Reader.consumer(bootstrap, Mode.ASSIGN)) {
            while (!stopping) {
                // One partition at a time: one without a leader does not keep the others from being asked for.
                for (Key key : keys.all()) {
                    ask(client, key);
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask(KafkaConsumer<String, String> client, Key key) {
        Set<TopicPartition> partition = Set.of(new TopicPartition(key.topic(), key.partition()));
        try {
            client.endOffsets(partition, LIMIT)
                    .values()
                    .forEach(end -> history.add(new Event.Watermark(history.now(), CLIENT, key, end)));
        } catch (KafkaException _) {
            // No answer is no statement about the end.
        }
    }
}
