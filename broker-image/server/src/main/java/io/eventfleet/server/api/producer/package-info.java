/**
 * Gives producers their ids. It must not know what a producer writes, nor how ids are made unique across the cluster.
 */
package io.eventfleet.server.api.producer;
