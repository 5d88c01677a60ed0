// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

/** Finalizers. */
public final class Finalizers {
    /**
     * On a Topic: its partitions may still be open. The operator sets it on first sight (a controller broker that creates a Topic for a Kafka
     * client sets it at once) and removes it when the topic's lines are closed, absent, or can no longer exist.
     */
    public static final String TOPIC = "eventfleet.io/topic";

    private Finalizers() {}
}
