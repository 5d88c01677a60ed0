/**
 * Field ownership: managed fields, server-side apply with conflicts, strategic merge patch.
 * It must not know which kinds exist, where objects are stored or who asks.
 */
package io.eventfleet.local.api.apply;
