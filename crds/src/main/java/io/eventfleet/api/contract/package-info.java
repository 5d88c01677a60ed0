/**
 * Names, labels, annotations, condition vocabulary and text formats that operator and brokers share through the Kubernetes API.
 * Knows no client, no reconciler and no broker: constants and pure functions only.
 */
@NullMarked
package io.eventfleet.api.contract;

import org.jspecify.annotations.NullMarked;
