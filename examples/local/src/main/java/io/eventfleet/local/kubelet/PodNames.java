// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

/** Names of the pods of a StatefulSet: {@code <set>-<ordinal>}. */
final class PodNames {
    private PodNames() {}

    /** The number at the end, 0 when there is none. */
    static int ordinal(String pod) {
        String last = pod.substring(pod.lastIndexOf('-') + 1);
        return !last.isEmpty() && last.length() < 9 && last.chars().allMatch(Character::isDigit)
                ? Integer.parseInt(last)
                : 0;
    }

    static String setOf(String pod) {
        int dash = pod.lastIndexOf('-');
        return dash < 0 ? pod : pod.substring(0, dash);
    }
}
