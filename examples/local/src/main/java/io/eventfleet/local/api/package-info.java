/**
 * A Kubernetes API for one machine, whole: store, semantics, server and housekeeping put together.
 * It must not know Eventfleet's resources, and runs no pods.
 */
package io.eventfleet.local.api;
