// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.api.contract;

/** API groups and versions. */
public final class ApiGroups {
    /** The group of the public resources. */
    public static final String PUBLIC = "eventfleet.io";

    /** The group of the internal metadata objects. */
    public static final String META = "meta.eventfleet.io";

    /** The version of both groups. */
    public static final String V1ALPHA1 = "v1alpha1";

    /** The category that {@code kubectl get eventfleet} lists. */
    public static final String CATEGORY = "eventfleet";

    private ApiGroups() {}
}
