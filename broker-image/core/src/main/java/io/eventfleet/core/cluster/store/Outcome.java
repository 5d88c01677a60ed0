// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/** What became of a write. */
public enum Outcome {
    /** Applied. */
    OK,
    /** Not applied: the resourceVersion moved, the object exists (create) or is gone (put). */
    CONFLICT,
    /** Not applied: refused by validation, policy, quota or authorisation. */
    REJECTED,
    /** Anybody's guess: timeout, broken connection, 429 or 5xx. It may even be applied later. */
    UNKNOWN
}
