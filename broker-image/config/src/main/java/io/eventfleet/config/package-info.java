/**
 * Typed broker and topic configuration: what a key is called, what it may hold, what it means when it is absent, and why a value is refused.
 * Knows neither Kafka's classes nor Kubernetes; the operator writes with these classes what the broker reads with them.
 */
@NullMarked
package io.eventfleet.config;

import org.jspecify.annotations.NullMarked;
