/**
 * Reconciles ConsumerGroup: state, members and lag as the brokers tell them.
 * Never writes to a group.
 */
@NullMarked
package io.eventfleet.operator.group;

import org.jspecify.annotations.NullMarked;
