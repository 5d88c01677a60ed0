// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

/** Hears of every call to the Kubernetes API, for metrics. Called on client threads: must be quick and thread-safe. */
public interface StoreMetrics {

    /** Counts nothing. */
    StoreMetrics NONE = (method, resource, outcome, nanos, bytes) -> {};

    /**
     * One attempt has ended.
     *
     * @param method HTTP method
     * @param resource plural name of the kind, e.g. {@code partitionshards}
     * @param outcome HTTP status, or {@code unknown} without one
     * @param nanos how long it took
     * @param bytesWritten size of the request body, which the store keeps until it is compacted
     */
    void called(String method, String resource, String outcome, long nanos, long bytesWritten);
}
