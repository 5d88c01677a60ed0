// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

import java.util.Map;
import java.util.TreeMap;

/** Labels of the objects that make up a cluster. */
public final class Labels {
    /** The EventCluster that an object belongs to; on every object of a cluster. */
    public static final String CLUSTER = "eventfleet.io/cluster";

    /** {@value}: the part that an object plays. */
    public static final String COMPONENT = "app.kubernetes.io/component";

    /** Value of {@link #COMPONENT} of everything that runs brokers. */
    public static final String BROKER = "broker";

    private static final String NAME = "app.kubernetes.io/name";
    private static final String INSTANCE = "app.kubernetes.io/instance";
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String PART_OF = "app.kubernetes.io/part-of";

    private Labels() {}

    /** Labels that never change, which alone may be selected by. */
    public static Map<String, String> brokerSelector(String cluster) {
        return OrEmpty.map(Map.of(CLUSTER, cluster, COMPONENT, BROKER));
    }

    /** All labels of an object of a cluster that the operator makes. */
    public static Map<String, String> ofClusterChild(String cluster) {
        var labels = new TreeMap<>(brokerSelector(cluster));
        labels.put(NAME, "eventfleet");
        labels.put(INSTANCE, cluster);
        labels.put(MANAGED_BY, "eventfleet-operator");
        labels.put(PART_OF, "eventfleet");
        return labels;
    }

    /** Labels of a metadata object or a Lease of a cluster. */
    public static Map<String, String> ofMetadata(String cluster) {
        return Map.of(CLUSTER, cluster);
    }
}
