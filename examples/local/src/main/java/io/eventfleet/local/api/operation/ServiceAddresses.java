// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import io.eventfleet.local.api.store.ObjectStore;
import java.util.HashSet;
import java.util.Set;

/**
 * Gives Services a clusterIP out of 127.96.0.0/14. The whole of 127.0.0.0/8 is loopback, so that such an address can really
 * be listened on, and no other machine can reach it.
 */
final class ServiceAddresses {
    private static final int ADDRESSES = 1 << 18;

    private final ObjectStore store;

    ServiceAddresses(ObjectStore store) {
        this.store = store;
    }

    /** The same Service gets the same address again whenever that is free. */
    String allocate(String namespace, String name) {
        Set<String> used = new HashSet<>();
        store.list("/services", "")
                .objects()
                .forEach(service ->
                        used.add(service.json().path("spec").path("clusterIP").asText()));
        int start = Math.floorMod((namespace + "/" + name).hashCode(), ADDRESSES);
        for (int i = 0; i < ADDRESSES; i++) {
            String address = address((start + i) % ADDRESSES);
            if (!address.endsWith(".0") && !address.endsWith(".255") && !used.contains(address)) {
                return address;
            }
        }
        throw new IllegalStateException("all service addresses are in use");
    }

    private static String address(int index) {
        return "127." + (96 + (index >> 16)) + "." + (index >> 8 & 0xff) + "." + (index & 0xff);
    }
}
