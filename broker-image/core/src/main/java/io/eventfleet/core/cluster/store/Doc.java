// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/**
 * A stored object as read.
 *
 * @param ref its name
 * @param resourceVersion opaque; used for compare-and-swap and compared for equality only
 * @param body its content
 */
public record Doc(Ref ref, String resourceVersion, Body body) {}
