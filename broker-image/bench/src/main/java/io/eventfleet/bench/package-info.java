/**
 * Runs Eventfleet and Apache Kafka by turns in one run and compares them. Knows both only as processes with a bootstrap address;
 * it must not link against the code of either broker.
 */
@NullMarked
package io.eventfleet.bench;

import org.jspecify.annotations.NullMarked;
