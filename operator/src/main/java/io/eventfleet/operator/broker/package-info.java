/**
 * What the operator asks brokers: a port, and its adapter over Kafka's admin client.
 * Knows no Kubernetes resource.
 */
@NullMarked
package io.eventfleet.operator.broker;

import org.jspecify.annotations.NullMarked;
