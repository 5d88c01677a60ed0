// SPDX-License-Identifier: Apache-2.0
/**
 * Partition logs in RocksDB: storage shards with group commit, windows, tail cache, cold reads, retention and recovery
 * behind the ports of {@code io.eventfleet.core.log}. It must not know Kafka's classes, topics' names, who replicates a
 * partition, or why this broker leads it.
 */
package io.eventfleet.storage;
