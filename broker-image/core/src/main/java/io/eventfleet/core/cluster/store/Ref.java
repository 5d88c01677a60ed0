// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/** Names one object; the namespace is the cluster's own. */
public record Ref(Kind kind, String name) implements Comparable<Ref> {

    @Override
    public int compareTo(Ref other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return kind + "/" + name;
    }
}
