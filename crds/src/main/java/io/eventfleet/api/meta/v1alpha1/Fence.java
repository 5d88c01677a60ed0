// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.meta.v1alpha1;

/**
 * The fields by which the API server refuses a write of a deposed controller. Every write of a metadata object raises {@code version} by one and
 * never lowers {@code controllerEpoch}, unless it raises {@code storeGeneration}.
 */
public interface Fence {
    /** The rule that the API server evaluates on every write; {@code self} is the new spec, {@code oldSelf} the stored one. */
    String RULE = "self.storeGeneration > oldSelf.storeGeneration || (self.storeGeneration == oldSelf.storeGeneration"
            + " && self.controllerEpoch >= oldSelf.controllerEpoch && self.version == oldSelf.version + 1)";

    /** What the API server answers when {@link #RULE} does not hold. */
    String MESSAGE = "fenced: a newer controller, a newer version or a newer store generation has been here";

    /** Raised by a repair only. */
    long storeGeneration();

    /** Identity of the cluster's data. */
    String clusterId();

    /** Epoch of the controller that wrote the document. */
    long controllerEpoch();

    /** Number of the write. */
    long version();

    /** Which write this is: controllerEpoch/sequence. */
    String writeToken();
}
