/**
 * The demonstration workload: unmodified Kafka clients that produce numbered records and account for every one of them.
 * It must not know how the brokers were started.
 */
package io.eventfleet.local.demo;
