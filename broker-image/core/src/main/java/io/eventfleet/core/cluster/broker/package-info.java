/**
 * A broker's own life: its Lease, its disk facts, registration, installed metadata, and its end. It must not know how
 * the controller decides.
 */
package io.eventfleet.core.cluster.broker;
