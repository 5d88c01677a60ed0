/**
 * The metadata store as cluster cores see it: linearizable objects with compare-and-swap, typed bodies, requests as
 * effects and outcomes as events. It must not know Kubernetes, nor what the objects are used for.
 */
package io.eventfleet.core.cluster.store;
