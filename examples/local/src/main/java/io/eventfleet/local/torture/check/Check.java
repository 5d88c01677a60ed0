// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import java.util.Locale;

/** A rule that a history may break. */
public enum Check {
    /** One offset holds two values. */
    INCONSISTENT_OFFSETS(true),
    /** One value is at two offsets, though the producer is idempotent and nobody sent it twice. */
    DUPLICATE(true),
    /** An acknowledged record was never read, although later ones were. */
    LOST_WRITE(true),
    /** An acknowledged record at the end of the log was not read before the end of the run. */
    UNSEEN(true),
    /** A record was read whose writer was told for certain that it was refused. */
    ABORTED_READ(true),
    /** A record was read that nobody sent. */
    PHANTOM(true),
    /** One poll left out a record that is known to be between two that it brought. */
    INTERNAL_POLL_SKIP(true),
    /** One poll brought records of a partition out of order. */
    INTERNAL_NONMONOTONIC_POLL(true),
    /** A reader with partitions of its own choice left out a record between two polls. */
    POLL_SKIP(true),
    /** A reader with partitions of its own choice went back between two polls. */
    NONMONOTONIC_POLL(true),
    /** A reader in a group went back or forward at a rebalance, which a group may. */
    REBALANCE_MOVE(false),
    /** A record that was sent after another one was acknowledged, or later by the same producer, is before it. */
    NONMONOTONIC_SEND(true),
    /** The end of a partition went back for one client. */
    HIGH_WATERMARK_REGRESS(true),
    /** The leader epoch of records goes back as offsets go on, or one record has two. */
    EPOCH_REGRESS(true),
    /** Two replicas hold different records after everything was healed. */
    REPLICAS_DIFFER(true),
    /** A replica lacks an acknowledged record after everything was healed. */
    REPLICA_LACKS_ACKNOWLEDGED(true);

    private final boolean never;

    Check(boolean never) {
        this.never = never;
    }

    /** True when a correct system never breaks it. */
    public boolean isNever() {
        return never;
    }

    /** The rule as reports name it. */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
