/**
 * Judges a history: which rules of a replicated log did the system break, and for how long could nobody write. Pure: the same history gives
 * the same verdict. The rules are those of the Jepsen tests of Kafka-like systems, and some for what only a replicated log has.
 */
package io.eventfleet.local.torture.check;
