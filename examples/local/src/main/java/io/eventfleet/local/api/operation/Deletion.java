// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.operation.DeleteOptions.Propagation;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.status.ApiFailure;
import io.eventfleet.local.api.store.ObjectStore;
import io.eventfleet.local.api.store.StoredObject;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Deletion and everything that follows from it: grace periods of pods, finalizers, dependents, the contents of namespaces,
 * the objects of a withdrawn kind. Runs inside writes of the store.
 */
final class Deletion {
    static final String FOREGROUND = "foregroundDeletion";
    static final String ORPHAN = "orphan";
    private static final Set<String> PERMANENT_NAMESPACES = Set.of("default", "kube-system");
    private static final long DEFAULT_GRACE_SECONDS = 30;

    private final ObjectStore store;
    private final ResourceRegistry registry;
    private final Clock clock;
    private final Executor later;
    /** Objects whose end is being worked on; guarded by the store's lock. Keeps long chains of dependents off the stack. */
    private final Set<String> inProgress = new HashSet<>();

    /** @param later runs the collection of objects whose owner does not exist */
    Deletion(ObjectStore store, ResourceRegistry registry, Clock clock, Executor later) {
        this.store = store;
        this.registry = registry;
        this.clock = clock;
        this.later = later;
    }

    /** The outcome: whether the object is gone, and its last content. */
    record Deleted(ObjectNode object, boolean gone) {}

    Deleted delete(Target target, DeleteOptions options) {
        return store.write(() -> {
            ResourceType type = target.type();
            ObjectNode current = store.find(type.storageId(), target.namespace(), target.name())
                    .orElseThrow(() -> ApiFailure.notFound(type.named(target.name())))
                    .json();
            checkPreconditions(target, current, options);
            if (type.is("", "namespaces") && PERMANENT_NAMESPACES.contains(target.name())) {
                throw ApiFailure.forbidden("this namespace may not be deleted", type.named(target.name()), List.of());
            }
            if (options.dryRun()) {
                return new Deleted(current, true);
            }
            ObjectNode next = current.deepCopy();
            addPropagationFinalizer(next, options.propagation());
            long graceSeconds = graceSeconds(type, next, options);
            if (!Metadata.hasFinalizers(next) && graceSeconds == 0 && !isHeld(type, next)) {
                return new Deleted(removeNow(type, next), true);
            }
            mark(type, next, graceSeconds);
            if (!next.equals(current)) {
                store.put(type.storageId(), next);
            }
            progress(type, next);
            var left = store.find(type.storageId(), target.namespace(), target.name());
            return new Deleted(left.map(StoredObject::json).orElse(next), left.isEmpty());
        });
    }

    private static void checkPreconditions(Target target, ObjectNode current, DeleteOptions options) {
        var subject = target.type().named(target.name());
        if (!options.uid().isEmpty() && !options.uid().equals(Metadata.uid(current))) {
            throw ApiFailure.conflict(
                    subject,
                    "Precondition failed: UID in precondition: " + options.uid() + ", UID in object meta: "
                            + Metadata.uid(current));
        }
        String version = Metadata.text(current, "resourceVersion");
        if (!options.resourceVersion().isEmpty() && !options.resourceVersion().equals(version)) {
            throw ApiFailure.conflict(
                    subject,
                    "Precondition failed: ResourceVersion in precondition: " + options.resourceVersion()
                            + ", ResourceVersion in object meta: " + version);
        }
    }

    private static void addPropagationFinalizer(ObjectNode object, Propagation propagation) {
        switch (propagation) {
            case FOREGROUND -> Metadata.addFinalizer(object, FOREGROUND);
            case ORPHAN -> Metadata.addFinalizer(object, ORPHAN);
            case BACKGROUND -> {}
        }
    }

    /** Pods on a node end gracefully: whoever runs them removes the object at last. All other kinds go at once. */
    private static long graceSeconds(ResourceType type, ObjectNode object, DeleteOptions options) {
        if (!type.is("", "pods")
                || object.path("spec").path("nodeName").asText("").isEmpty()) {
            return 0;
        }
        long own = object.path("spec").path("terminationGracePeriodSeconds").asLong(DEFAULT_GRACE_SECONDS);
        long wanted = options.gracePeriodSeconds() >= 0 ? options.gracePeriodSeconds() : own;
        return Metadata.isDeleting(object)
                ? Math.min(
                        wanted,
                        object.path("metadata")
                                .path("deletionGracePeriodSeconds")
                                .asLong(wanted))
                : wanted;
    }

    private void mark(ResourceType type, ObjectNode object, long graceSeconds) {
        ObjectNode metadata = Metadata.of(object);
        boolean first = !Metadata.isDeleting(object);
        if (first || metadata.path("deletionGracePeriodSeconds").asLong() != graceSeconds) {
            metadata.put(
                    "deletionTimestamp",
                    clock.instant()
                            .plusSeconds(graceSeconds)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString());
            metadata.put("deletionGracePeriodSeconds", graceSeconds);
        }
        if (first && type.countsGenerations()) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
        if (type.is("", "namespaces") && object.get("status") instanceof ObjectNode status) {
            status.put("phase", "Terminating");
        }
    }

    /** True while something other than finalizers keeps a deleted object: the grace of a pod, the contents of a namespace. */
    boolean isHeld(ResourceType type, ObjectNode object) {
        if (type.is("", "namespaces")) {
            return !object.path("spec").path("finalizers").isEmpty();
        }
        return type.is("", "pods")
                && Metadata.isDeleting(object)
                && object.path("metadata").path("deletionGracePeriodSeconds").asLong() > 0;
    }

    /** Removes the object, then what depends on it; informs whoever waited for its end. */
    ObjectNode removeNow(ResourceType type, ObjectNode object) {
        store.remove(type.storageId(), object);
        if (type.is("apiextensions.k8s.io", "customresourcedefinitions")) {
            registry.withdraw(object);
        }
        for (StoredObject dependent : store.ownedBy(Metadata.uid(object))) {
            if (!hasLivingOwner(dependent.json())) {
                deleteQuietly(dependent, DeleteOptions.CASCADE);
            }
        }
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            owner(reference, Metadata.namespace(object)).ifPresent(this::progressIfDeleting);
        }
        if (!Metadata.namespace(object).isEmpty()) {
            store.find("/namespaces", "", Metadata.namespace(object)).ifPresent(this::progressIfDeleting);
        }
        if (type.isCustom()) {
            store.find("apiextensions.k8s.io/customresourcedefinitions", "", type.plural() + "." + type.group())
                    .ifPresent(this::progressIfDeleting);
        }
        return object;
    }

    private void progressIfDeleting(StoredObject object) {
        if (Metadata.isDeleting(object.json())) {
            registry.ofObject(object.json()).ifPresent(type -> progress(type, object.json()));
        }
    }

    /** Does what the API's own finalizers stand for, and removes the object once nothing holds it. */
    private void progress(ResourceType type, ObjectNode object) {
        String uid = Metadata.uid(object);
        if (inProgress.add(uid)) {
            try {
                advance(type, object);
            } finally {
                inProgress.remove(uid);
            }
        }
    }

    private void advance(ResourceType type, ObjectNode object) {
        ObjectNode next = object.deepCopy();
        if (Metadata.hasFinalizer(next, ORPHAN)) {
            store.ownedBy(Metadata.uid(next)).forEach(dependent -> orphan(dependent, Metadata.uid(next)));
            Metadata.removeFinalizer(next, ORPHAN);
        }
        if (Metadata.hasFinalizer(next, FOREGROUND) && dependentsGone(next)) {
            Metadata.removeFinalizer(next, FOREGROUND);
        }
        if (Metadata.hasFinalizer(next, ResourceRegistry.CLEANUP_FINALIZER) && instancesGone(next)) {
            Metadata.removeFinalizer(next, ResourceRegistry.CLEANUP_FINALIZER);
        }
        if (type.is("", "namespaces")
                && contentsGone(Metadata.name(next))
                && next.get("spec") instanceof ObjectNode spec) {
            spec.remove("finalizers");
        }
        var latest = store.find(type.storageId(), Metadata.namespace(next), Metadata.name(next));
        if (latest.isEmpty() || !Metadata.uid(latest.get().json()).equals(Metadata.uid(next))) {
            return;
        }
        if (!Metadata.hasFinalizers(next) && !isHeld(type, next)) {
            removeNow(type, next);
        } else if (!next.equals(object)) {
            store.put(type.storageId(), next);
        }
    }

    private boolean dependentsGone(ObjectNode owner) {
        for (StoredObject dependent : store.ownedBy(Metadata.uid(owner))) {
            if (!Metadata.isDeleting(dependent.json())) {
                deleteQuietly(dependent, new DeleteOptions(-1, Propagation.FOREGROUND, "", "", false));
            }
        }
        return store.ownedBy(Metadata.uid(owner)).stream().noneMatch(each -> blocks(each.json(), Metadata.uid(owner)));
    }

    private static boolean blocks(ObjectNode dependent, String ownerUid) {
        for (JsonNode reference : dependent.path("metadata").path("ownerReferences")) {
            if (reference.path("uid").asText().equals(ownerUid)) {
                return reference.path("blockOwnerDeletion").asBoolean();
            }
        }
        return false;
    }

    private boolean instancesGone(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        String storageId = spec.path("group").asText() + "/"
                + spec.path("names").path("plural").asText();
        deleteAll(store.list(storageId, "").objects());
        return store.list(storageId, "").objects().isEmpty();
    }

    private boolean contentsGone(String namespace) {
        var namespaced =
                registry.stored().stream().filter(ResourceType::namespaced).toList();
        namespaced.forEach(
                type -> deleteAll(store.list(type.storageId(), namespace).objects()));
        return namespaced.stream()
                .allMatch(type ->
                        store.list(type.storageId(), namespace).objects().isEmpty());
    }

    private void deleteAll(List<StoredObject> objects) {
        objects.stream()
                .filter(object -> !Metadata.isDeleting(object.json()))
                .forEach(object -> deleteQuietly(object, DeleteOptions.CASCADE));
    }

    private void deleteQuietly(StoredObject object, DeleteOptions options) {
        registry.ofObject(object.json())
                .filter(type -> store.find(
                                type.storageId(), Metadata.namespace(object.json()), Metadata.name(object.json()))
                        .isPresent())
                .ifPresent(type -> delete(Target.of(type, object.json()), options));
    }

    private void orphan(StoredObject dependent, String ownerUid) {
        ObjectNode next = dependent.json().deepCopy();
        if (Metadata.of(next).get("ownerReferences") instanceof ArrayNode references) {
            for (int i = references.size() - 1; i >= 0; i--) {
                if (references.get(i).path("uid").asText().equals(ownerUid)) {
                    references.remove(i);
                }
            }
            if (references.isEmpty()) {
                Metadata.of(next).remove("ownerReferences");
            }
            store.put(dependent.storageId(), next);
        }
    }

    /** Called after each write: an object whose owners do not exist is collected soon after, as the garbage collector would. */
    void onStored(ResourceType type, ObjectNode object) {
        boolean owned = !object.path("metadata").path("ownerReferences").isEmpty();
        if (owned && !Metadata.isDeleting(object) && !hasLivingOwner(object)) {
            later.execute(() -> store.write(() -> {
                var current = store.find(type.storageId(), Metadata.namespace(object), Metadata.name(object))
                        .filter(found -> Metadata.uid(found.json()).equals(Metadata.uid(object)))
                        .filter(found -> !found.json()
                                .path("metadata")
                                .path("ownerReferences")
                                .isEmpty())
                        .filter(found -> !hasLivingOwner(found.json()));
                current.ifPresent(found -> deleteQuietly(found, DeleteOptions.CASCADE));
                return current;
            }));
        }
    }

    private boolean hasLivingOwner(ObjectNode object) {
        for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
            if (owner(reference, Metadata.namespace(object)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Optional<StoredObject> owner(JsonNode reference, String namespace) {
        return registry.ofObject(reference)
                .flatMap(type -> store.find(
                        type.storageId(),
                        type.namespaced() ? namespace : "",
                        reference.path("name").asText()))
                .filter(found ->
                        Metadata.uid(found.json()).equals(reference.path("uid").asText()));
    }
}
