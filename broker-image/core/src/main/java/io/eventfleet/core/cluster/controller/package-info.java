/**
 * The controller: claims the metadata and decides about brokers, topics and partitions. It must not know how it became
 * controller, nor how requests travel.
 */
package io.eventfleet.core.cluster.controller;
