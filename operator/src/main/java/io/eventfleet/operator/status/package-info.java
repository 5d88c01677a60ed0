/**
 * Conditions as values: what is said about a resource, and when a status differs from what is stored.
 * Knows no resource and no client.
 */
@NullMarked
package io.eventfleet.operator.status;

import org.jspecify.annotations.NullMarked;
