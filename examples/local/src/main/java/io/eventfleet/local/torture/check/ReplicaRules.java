// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Entry;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Event.Replica;
import io.eventfleet.local.torture.history.Event.Watermark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Rules that only a replicated log has: ends and epochs never go back, and replicas end equal. */
final class ReplicaRules {
    private ReplicaRules() {}

    static void check(KeyLog log, Consumer<Anomaly> found) {
        checkWatermarks(log, found);
        checkEpochs(log, found);
        checkReplicas(log, found);
    }

    private static void checkWatermarks(KeyLog log, Consumer<Anomaly> found) {
        Map<Integer, Long> highest = new HashMap<>();
        for (Watermark watermark : log.watermarks()) {
            long before = highest.getOrDefault(watermark.client(), -1L);
            if (watermark.offset() < before) {
                found.accept(new Anomaly(
                        Check.HIGH_WATERMARK_REGRESS,
                        log.key(),
                        "the end was " + before + ", then " + watermark.offset()));
            }
            highest.put(watermark.client(), watermark.offset());
        }
    }

    private static void checkEpochs(KeyLog log, Consumer<Anomaly> found) {
        int highest = -1;
        for (Map.Entry<Long, Set<Integer>> each : log.epochsByOffset().entrySet()) {
            Set<Integer> epochs = each.getValue();
            if (epochs.size() > 1) {
                found.accept(new Anomaly(
                        Check.EPOCH_REGRESS, log.key(), "offset " + each.getKey() + " has the epochs " + epochs));
            }
            for (int epoch : epochs) {
                if (epoch < highest) {
                    found.accept(new Anomaly(
                            Check.EPOCH_REGRESS,
                            log.key(),
                            "offset " + each.getKey() + " has epoch " + epoch + " after epoch " + highest));
                }
                highest = Math.max(highest, epoch);
            }
        }
    }

    private static void checkReplicas(KeyLog log, Consumer<Anomaly> found) {
        if (log.replicas().isEmpty()) {
            return;
        }
        Set<Long> acknowledged = log.sends().stream()
                .filter(send -> send.outcome() == Outcome.OK)
                .map(send -> send.value())
                .collect(Collectors.toCollection(TreeSet::new));
        Replica reference = log.replicas().getFirst();
        for (Replica replica : log.replicas()) {
            Set<Long> missing = new TreeSet<>(acknowledged);
            replica.entries().forEach(entry -> missing.remove(entry.value()));
            if (!missing.isEmpty()) {
                found.accept(new Anomaly(
                        Check.REPLICA_LACKS_ACKNOWLEDGED,
                        log.key(),
                        "broker " + replica.broker() + " lacks " + missing.size() + " values, the first is "
                                + missing.iterator().next()));
            }
            difference(reference.entries(), replica.entries(), found, log, reference.broker(), replica.broker());
        }
    }

    private static void difference(
            List<Entry> one, List<Entry> other, Consumer<Anomaly> found, KeyLog log, int oneBroker, int otherBroker) {
        Map<Long, Entry> ofOne = byOffset(one);
        Map<Long, Entry> ofOther = byOffset(other);
        Set<Long> offsets = new TreeSet<>(ofOne.keySet());
        offsets.addAll(ofOther.keySet());
        for (long offset : offsets) {
            Entry left = ofOne.get(offset);
            Entry right = ofOther.get(offset);
            if (left == null || !left.equals(right)) {
                found.accept(new Anomaly(
                        Check.REPLICAS_DIFFER,
                        log.key(),
                        "at offset " + offset + " broker " + oneBroker + " has " + left + ", broker " + otherBroker
                                + " has " + right));
                return; // what follows the first difference says nothing new
            }
        }
    }

    private static Map<Long, Entry> byOffset(List<Entry> entries) {
        Map<Long, Entry> byOffset = new TreeMap<>();
        entries.forEach(entry -> byOffset.put(entry.offset(), entry));
        return byOffset;
    }
}
