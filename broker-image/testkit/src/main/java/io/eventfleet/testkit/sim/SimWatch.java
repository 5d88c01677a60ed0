// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.testkit.sim;

import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.util.Optional;

/** One open watch: a list first, then every change in order, late by as much as the faults say. */
final class SimWatch {

    private final World world;
    private final SimApi api;
    private final SimNode.Process process;
    private final Kind kind;
    private boolean listed;
    private boolean open = true;
    private long lastDelivery;

    SimWatch(World world, SimApi api, SimNode.Process process, Kind kind) {
        this.world = world;
        this.api = api;
        this.process = process;
        this.kind = kind;
    }

    boolean belongsTo(SimNode.Process owner, Kind watched) {
        boolean mine = process == owner && kind == watched;
        if (mine) {
            open = false;
        }
        return mine;
    }

    void begin() {
        world.after(api.faults().latency(), () -> {
            if (api.faults().unreachable(process)) {
                breakOff();
                return;
            }
            listed = true;
            api.list(kind).forEach(doc -> later(doc.ref(), Optional.of(doc)));
        });
    }

    void onChange(Ref ref, Optional<Doc> doc) {
        if (listed && ref.kind() == kind) {
            if (api.faults().unreachable(process)) {
                breakOff();
            } else {
                later(ref, doc);
            }
        }
    }

    private void later(Ref ref, Optional<Doc> doc) {
        lastDelivery = Math.max(lastDelivery, world.now() + api.faults().watchLag());
        world.after(lastDelivery - world.now(), () -> {
            if (open) {
                process.deliver(new StoreEvent.Watched(ref, doc));
            }
        });
    }

    void breakOff() {
        if (open) {
            open = false;
            api.ended(this);
            world.after(api.faults().latency(), () -> process.deliver(new StoreEvent.WatchEnded(kind, true)));
        }
    }
}
