// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All objects under one lock and one counter of versions, as in etcd. Reads and writes of one request happen inside
 * {@link #write}; lists copy references only. Thread-safe.
 */
public final class ObjectStore implements AutoCloseable {
    private static final long COMPACT_ABOVE_BYTES = 64L << 20;

    /** The objects of one type at one version. */
    public record Snapshot(List<StoredObject> objects, long resourceVersion) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, TreeMap<String, StoredObject>> tables = new HashMap<>();
    private final Map<String, ChangeLog> logs = new ConcurrentHashMap<>();
    private final Map<String, Set<StoredObject>> byOwner = new HashMap<>();
    private final @Nullable Journal journal;
    private final long startedAt;
    private long version;
    private long compactAbove = COMPACT_ABOVE_BYTES;

    /** @param file where objects survive the process; null keeps them in memory only */
    public ObjectStore(@Nullable Path file) {
        try {
            this.journal = file == null ? null : Journal.open(file, this::replay);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
        this.startedAt = version;
        if (journal != null) {
            compact(journal);
        }
    }

    private void replay(String operation, ObjectNode record) {
        String storageId = record.path("type").asText();
        long at = record.path("version").asLong();
        version = Math.max(version, at);
        if (operation.equals("put") && record.get("object") instanceof ObjectNode object) {
            index(new StoredObject(storageId, at, object));
        } else if (operation.equals("remove")) {
            unindex(storageId, record.path("key").asText());
        }
    }

    private @Nullable StoredObject index(StoredObject object) {
        StoredObject before = table(object.storageId()).put(object.key(), object);
        forgetOwners(before);
        for (String owner : owners(object.json())) {
            byOwner.computeIfAbsent(owner, uid -> new LinkedHashSet<>()).add(object);
        }
        return before;
    }

    private @Nullable StoredObject unindex(String storageId, String key) {
        StoredObject before = table(storageId).remove(key);
        forgetOwners(before);
        return before;
    }

    private void forgetOwners(@Nullable StoredObject object) {
        if (object != null) {
            for (String owner : owners(object.json())) {
                byOwner.computeIfPresent(owner, (uid, owned) -> {
                    owned.remove(object);
                    return owned.isEmpty() ? null : owned;
                });
            }
        }
    }

    private static List<String> owners(JsonNode object) {
        var uids = new ArrayList<String>();
        object.path("metadata")
                .path("ownerReferences")
                .forEach(owner -> uids.add(owner.path("uid").asText()));
        return uids;
    }

    private TreeMap<String, StoredObject> table(String storageId) {
        return tables.computeIfAbsent(storageId, id -> new TreeMap<>());
    }

    /** Runs an operation alone, and returns once what it wrote is durable. May be nested. */
    public <T> T write(Supplier<T> operation) {
        long position;
        T result;
        lock.lock();
        try {
            result = operation.get();
            position = journal == null ? 0 : journal.position();
            if (journal != null && position > compactAbove && lock.getHoldCount() == 1) {
                compact(journal);
                position = 0;
            }
        } finally {
            lock.unlock();
        }
        if (journal != null && position > 0 && !lock.isHeldByCurrentThread()) {
            journal.sync(position);
        }
        return result;
    }

    public Optional<StoredObject> find(String storageId, String namespace, String name) {
        lock.lock();
        try {
            return Optional.ofNullable(table(storageId).get(StoredObject.key(namespace, name)));
        } finally {
            lock.unlock();
        }
    }

    /** All objects of a type; of one namespace when it is not empty. */
    public Snapshot list(String storageId, String namespace) {
        lock.lock();
        try {
            var table = table(storageId);
            var range = namespace.isEmpty() ? table : table.subMap(namespace + "/", namespace + "0");
            return new Snapshot(List.copyOf(range.values()), version);
        } finally {
            lock.unlock();
        }
    }

    /** Objects that name this uid as an owner. */
    public List<StoredObject> ownedBy(String uid) {
        lock.lock();
        try {
            return List.copyOf(byOwner.getOrDefault(uid, Set.of()));
        } finally {
            lock.unlock();
        }
    }

    /** Stores a version of an object, which belongs to the store from now on, and sets its resourceVersion. */
    public StoredObject put(String storageId, ObjectNode json) {
        lock.lock();
        try {
            version++;
            Metadata.of(json).put("resourceVersion", String.valueOf(version));
            var object = new StoredObject(storageId, version, json);
            StoredObject before = index(object);
            if (journal != null) {
                journal.append(record(object));
            }
            log(storageId)
                    .append(new Change(before == null ? Change.Kind.ADDED : Change.Kind.MODIFIED, object, before));
            return object;
        } finally {
            lock.unlock();
        }
    }

    /** Removes an object; watchers get its last content with the version of the removal. */
    public void remove(String storageId, ObjectNode last) {
        lock.lock();
        try {
            version++;
            ObjectNode json = last.deepCopy();
            Metadata.of(json).put("resourceVersion", String.valueOf(version));
            var object = new StoredObject(storageId, version, json);
            StoredObject before = unindex(storageId, object.key());
            if (journal != null) {
                journal.append(Json.object()
                        .put("op", "remove")
                        .put("type", storageId)
                        .put("version", version)
                        .put("key", object.key()));
            }
            log(storageId).append(new Change(Change.Kind.DELETED, object, before));
        } finally {
            lock.unlock();
        }
    }

    /** The version of the newest change of all. */
    public long version() {
        lock.lock();
        try {
            return version;
        } finally {
            lock.unlock();
        }
    }

    /** The changes of one type since this process started. */
    public ChangeLog log(String storageId) {
        return logs.computeIfAbsent(storageId, id -> new ChangeLog(startedAt));
    }

    private static ObjectNode record(StoredObject object) {
        ObjectNode record =
                Json.object().put("op", "put").put("type", object.storageId()).put("version", object.resourceVersion());
        record.set("object", object.json());
        return record;
    }

    private void compact(Journal target) {
        var records = new ArrayList<ObjectNode>();
        tables.values().forEach(table -> table.values().forEach(object -> records.add(record(object))));
        records.add(Json.object().put("op", "version").put("version", version));
        target.compact(records);
        compactAbove = Math.max(COMPACT_ABOVE_BYTES, 4 * target.position());
    }

    /** Ends all watches and closes the file. */
    @Override
    public void close() {
        logs.values().forEach(ChangeLog::close);
        lock.lock();
        try {
            if (journal != null) {
                journal.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lock.unlock();
        }
    }
}
