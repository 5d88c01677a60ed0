/**
 * The three internal objects that hold a cluster's metadata, each one atomic document behind a fence of epochs.
 * Knows the fence fields only; the payload is text of the brokers.
 */
@NullMarked
package io.eventfleet.api.meta.v1alpha1;

import org.jspecify.annotations.NullMarked;
