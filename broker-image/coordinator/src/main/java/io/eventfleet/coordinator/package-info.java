/**
 * Hosts Kafka's own group coordinator on the partitions of {@code __consumer_offsets} that this broker leads: its log,
 * its metadata, its elections. It must not know how requests arrive, how logs are stored, or who decides who leads.
 */
package io.eventfleet.coordinator;
