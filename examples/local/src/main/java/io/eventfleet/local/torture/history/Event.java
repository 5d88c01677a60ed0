// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonSubTypes.Type;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** Something that happened. Times are nanoseconds since the run began, from one monotonic clock. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @Type(value = Event.Send.class, name = "send"),
    @Type(value = Event.Poll.class, name = "poll"),
    @Type(value = Event.Watermark.class, name = "watermark"),
    @Type(value = Event.Fault.class, name = "fault"),
    @Type(value = Event.Replica.class, name = "replica")
})
public sealed interface Event {
    /** What the writer learned about a record. */
    enum Outcome {
        /** Acknowledged by all in-sync replicas. */
        OK,
        /** Refused for certain: it must never be read. */
        FAIL,
        /** The writer cannot know: it may be read once, or never. */
        INFO
    }

    /** How a reader got its partitions. */
    enum Mode {
        /** By number: only the reader itself moves its position. */
        ASSIGN,
        /** From a group: a rebalance may move it to what was committed. */
        SUBSCRIBE
    }

    /**
     * A record was sent.
     *
     * @param producer one producer object; another one after each uncertain outcome
     * @param order position among the sends of that producer
     * @param offset where the acknowledgement puts it, -1 without one
     * @param error name of the failure, empty when there was none
     */
    record Send(
            long startNs,
            long endNs,
            int producer,
            long order,
            Key key,
            long value,
            Outcome outcome,
            long offset,
            String error)
            implements Event {}

    /**
     * One poll brought records of a partition.
     *
     * @param session one assignment of one consumer object; positions of different sessions do not continue each other
     */
    record Poll(long endNs, int session, Mode mode, Key key, List<Entry> entries) implements Event {
        public Poll {
            entries = List.copyOf(entries);
        }
    }

    /** A client that lives through the whole run asked for the end of a partition. */
    record Watermark(long endNs, int client, Key key, long offset) implements Event {}

    /** Something was done to the system. */
    record Fault(long startNs, long endNs, String kind, String detail) implements Event {}

    /** After the end, all of a partition as one replica has it. */
    record Replica(Key key, int broker, List<Entry> entries) implements Event {
        public Replica {
            entries = List.copyOf(entries);
        }
    }
}
