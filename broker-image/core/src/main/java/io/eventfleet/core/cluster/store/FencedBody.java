// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/** Content that only the controller writes; the fence makes the API server refuse writers of the past. */
public sealed interface FencedBody extends Body permits RootDoc, RegistryDoc, ShardDoc {

    Fence fence();

    /** The same content under another fence. */
    FencedBody withFence(Fence fence);
}
