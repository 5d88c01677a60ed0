// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Entry;
import io.eventfleet.local.torture.history.Event.Mode;
import io.eventfleet.local.torture.history.Event.Outcome;
import io.eventfleet.local.torture.history.Event.Poll;
import io.eventfleet.local.torture.history.Event.Send;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/** Rules about order: of what one reader sees, and of what writers were told. */
final class OrderRules {
    private OrderRules() {}

    static void check(KeyLog log, Consumer<Anomaly> found) {
        checkPolls(log, found);
        checkSendsOfOneProducer(log, found);
        checkSendsInTime(log, found);
    }

    private static void checkPolls(KeyLog log, Consumer<Anomaly> found) {
        Map<Integer, Long> positions = new HashMap<>();
        for (Poll poll : log.polls()) {
            long previous = -1;
            for (Entry entry : poll.entries()) {
                if (previous >= 0) {
                    checkStep(
                            log,
                            previous,
                            entry.offset(),
                            Check.INTERNAL_NONMONOTONIC_POLL,
                            Check.INTERNAL_POLL_SKIP,
                            found);
                }
                previous = entry.offset();
            }
            if (!poll.entries().isEmpty()) {
                Long position = positions.put(poll.session(), previous);
                boolean own = poll.mode() == Mode.ASSIGN;
                if (position != null) {
                    checkStep(
                            log,
                            position,
                            poll.entries().getFirst().offset(),
                            own ? Check.NONMONOTONIC_POLL : Check.REBALANCE_MOVE,
                            own ? Check.POLL_SKIP : Check.REBALANCE_MOVE,
                            found);
                }
            }
        }
    }

    private static void checkStep(
            KeyLog log, long from, long to, Check ifBack, Check ifSkipped, Consumer<Anomaly> found) {
        if (to <= from) {
            found.accept(new Anomaly(ifBack, log.key(), "offset " + to + " came after offset " + from));
        } else if (log.hasRecordBetween(from, to)) {
            found.accept(new Anomaly(
                    ifSkipped,
                    log.key(),
                    "offset " + to + " came after offset " + from + ", without offset "
                            + log.valuesByOffset().higherKey(from)));
        }
    }

    private static void checkSendsOfOneProducer(KeyLog log, Consumer<Anomaly> found) {
        Map<Integer, Send> last = new HashMap<>();
        List<Send> inOrder = log.sends().stream()
                .filter(OrderRules::hasPlace)
                .sorted(Comparator.comparingLong(Send::order))
                .toList();
        for (Send send : inOrder) {
            Send earlier = last.put(send.producer(), send);
            if (earlier != null && send.offset() <= earlier.offset()) {
                found.accept(backwards(log, earlier, send));
            }
        }
    }

    /** Nothing may be written before what had been acknowledged when it was sent, whoever sent it. */
    private static void checkSendsInTime(KeyLog log, Consumer<Anomaly> found) {
        List<Send> byStart = log.sends().stream()
                .filter(OrderRules::hasPlace)
                .sorted(Comparator.comparingLong(Send::startNs))
                .toList();
        PriorityQueue<Send> byEnd = new PriorityQueue<>(Comparator.comparingLong(Send::endNs));
        byEnd.addAll(byStart);
        Send highest = null;
        for (Send send : byStart) {
            while (!byEnd.isEmpty() && byEnd.peek().endNs() < send.startNs()) {
                Send ended = byEnd.remove();
                highest = highest == null || ended.offset() > highest.offset() ? ended : highest;
            }
            if (highest != null && highest.producer() != send.producer() && send.offset() <= highest.offset()) {
                found.accept(backwards(log, highest, send));
            }
        }
    }

    private static boolean hasPlace(Send send) {
        return send.outcome() == Outcome.OK && send.offset() >= 0;
    }

    private static Anomaly backwards(KeyLog log, Send earlier, Send later) {
        return new Anomaly(
                Check.NONMONOTONIC_SEND,
                log.key(),
                "value " + later.value() + " went to offset " + later.offset() + " after value " + earlier.value()
                        + " had gone to offset " + earlier.offset());
    }
}
