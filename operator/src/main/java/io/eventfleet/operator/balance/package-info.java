/**
 * Which replicas move when brokers come or go: pure functions of where replicas are.
 * Knows no Kubernetes resource and no client.
 */
@NullMarked
package io.eventfleet.operator.balance;

import org.jspecify.annotations.NullMarked;
