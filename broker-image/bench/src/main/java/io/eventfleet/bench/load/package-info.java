/**
 * The load itself, made with the public Kafka clients. Must not know suites or systems, only a bootstrap address.
 */
@NullMarked
package io.eventfleet.bench.load;

import org.jspecify.annotations.NullMarked;
