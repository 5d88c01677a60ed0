/**
 * The children of an EventCluster as pure functions of one model record.
 * Knows no client, no cache and no clock.
 */
@NullMarked
package io.eventfleet.operator.cluster.model;

import org.jspecify.annotations.NullMarked;
