// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.check;

import io.eventfleet.local.torture.history.Key;

/** A rule that was broken, and where. */
public record Anomaly(Check check, Key key, String detail) {
    @Override
    public String toString() {
        return check.title() + " " + key + ": " + detail;
    }
}
