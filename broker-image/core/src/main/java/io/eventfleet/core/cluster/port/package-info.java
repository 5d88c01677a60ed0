/**
 * What goes into and comes out of the cluster cores of one node, besides the store: messages, disk, timers, roles. It
 * must not know the cores themselves, nor the threads, sockets and files behind the effects.
 */
package io.eventfleet.core.cluster.port;
