/**
 * Structural schemas of custom resources: pruning, defaults, bounds and the list types that patches need.
 * It must not know where objects are stored or who asks.
 */
package io.eventfleet.local.api.schema;
