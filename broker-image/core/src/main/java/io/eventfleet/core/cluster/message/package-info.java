/**
 * What brokers and the controller say to each other: plain records. It must not know how they are carried or encoded.
 */
package io.eventfleet.core.cluster.message;
