/**
 * Reconciles EventCluster: validates it, gives it an identity once, applies its children and tells its state.
 * Knows nothing of the records and groups inside a cluster.
 */
@NullMarked
package io.eventfleet.operator.cluster;

import org.jspecify.annotations.NullMarked;
