// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.apply.ManagedFields;
import io.eventfleet.local.api.apply.ManagedFields.Owner;
import io.eventfleet.local.api.apply.ServerSideApply;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.resource.ResourceRegistry;
import io.eventfleet.local.api.resource.ResourceType;
import io.eventfleet.local.api.status.ApiFailure;
import io.eventfleet.local.api.status.ApiFailure.Cause;
import io.eventfleet.local.api.store.ObjectStore;
import io.eventfleet.local.api.store.StoredObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Create, update, apply. Every method runs in one write of the store and returns the object as it is stored. */
final class Writes {
    private static final String NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int GENERATED_SUFFIX_LENGTH = 5;
    private static final List<String> SYSTEM_METADATA = List.of(
            "uid",
            "creationTimestamp",
            "generation",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "name",
            "namespace");

    /** Whether an apply made the object. */
    record Applied(ObjectNode object, boolean created) {}

    private final ObjectStore store;
    private final ResourceRegistry registry;
    private final Admission admission;
    private final Deletion deletion;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Writes(ObjectStore store, ResourceRegistry registry, Deletion deletion, Clock clock) {
        this.store = store;
        this.registry = registry;
        this.admission = new Admission(registry, store, clock);
        this.deletion = deletion;
        this.clock = clock;
    }

    ObjectNode create(Target target, ObjectNode object, WriteOptions options) {
        return store.write(() -> insert(target, object, options, "Update"));
    }

    private ObjectNode insert(Target target, ObjectNode object, WriteOptions options, String operation) {
        ResourceType type = target.type();
        checkEnvelope(type, object);
        ObjectNode metadata = Metadata.of(object);
        nameNew(target, object);
        String name = Metadata.name(object);
        if (type.namespaced()) {
            requireNamespace(target, name);
            metadata.put("namespace", target.namespace());
        }
        if (store.find(type.storageId(), target.namespace(), name).isPresent()) {
            throw ApiFailure.alreadyExists(type.named(name));
        }
        metadata.remove(List.of(
                "resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"));
        metadata.put("uid", UUID.randomUUID().toString()).put("creationTimestamp", Metadata.timestamp(clock));
        if (type.countsGenerations()) {
            metadata.put("generation", 1);
        }
        if (type.isCustom() && type.subresources().status()) {
            object.remove("status");
        }
        if (operation.equals("Update")) {
            metadata.remove("managedFields");
            ownAll(target, object, options);
        }
        admission.admit(type, object, null, options);
        return options.dryRun() ? object : stored(type, store.put(type.storageId(), object));
    }

    private ObjectNode stored(ResourceType type, StoredObject object) {
        if (type.is("apiextensions.k8s.io", "customresourcedefinitions")) {
            registry.serve(object.json());
        }
        deletion.onStored(type, object.json());
        return object.json();
    }

    private void ownAll(Target target, ObjectNode object, WriteOptions options) {
        ObjectNode after =
                ManagedFields.ownable(object, "", target.type().subresources().status());
        ManagedFields.of(object)
                .afterUpdate(
                        owner(target, options, "Update"),
                        Metadata.timestamp(clock),
                        Json.object(),
                        after,
                        target.type().fields())
                .writeTo(object);
    }

    private void nameNew(Target target, ObjectNode object) {
        ObjectNode metadata = Metadata.of(object);
        String prefix = metadata.path("generateName").asText("");
        if (Metadata.name(object).isEmpty() && !prefix.isEmpty()) {
            String name;
            do {
                var suffix = new StringBuilder(prefix);
                for (int i = 0; i < GENERATED_SUFFIX_LENGTH; i++) {
                    suffix.append(NAME_ALPHABET.charAt(random.nextInt(NAME_ALPHABET.length())));
                }
                name = suffix.toString();
            } while (store.find(target.type().storageId(), target.namespace(), name)
                    .isPresent());
            metadata.put("name", name);
        }
    }

    private void requireNamespace(Target target, String name) {
        var namespaces = registry.builtin("", "namespaces");
        var namespace = store.find("/namespaces", "", target.namespace())
                .orElseThrow(() -> ApiFailure.notFound(namespaces.named(target.namespace())));
        if (Metadata.isDeleting(namespace.json())) {
            String why = "unable to create new content in namespace " + target.namespace()
                    + " because it is being terminated";
            throw ApiFailure.forbidden(
                    why,
                    target.type().named(name),
                    List.of(new Cause("NamespaceTerminating", "namespace is being terminated", "metadata.namespace")));
        }
    }

    private static void checkEnvelope(ResourceType type, ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText("");
        String kind = object.path("kind").asText("");
        String expected = type.apiVersion();
        if (!apiVersion.isEmpty() && !apiVersion.equals(expected) && type.isCustom()) {
            throw ApiFailure.badRequest("the API version in the data (" + apiVersion
                    + ") does not match the expected API version (" + expected + ")");
        }
        if (!kind.isEmpty() && !kind.equals(type.kind())) {
            throw ApiFailure.badRequest(
                    "the kind in the data (" + kind + ") does not match the expected kind (" + type.kind() + ")");
        }
        object.put("apiVersion", expected).put("kind", type.kind());
    }

    /** Read, change, write. The change gets a copy of the stored object and returns the wanted one. */
    ObjectNode update(Target target, UnaryOperator<ObjectNode> change, WriteOptions options) {
        return store.write(() -> {
            ObjectNode current = require(target);
            ObjectNode wanted = change.apply(current.deepCopy());
            checkPreconditions(target, current, wanted);
            return replace(target, current, wanted, options, "Update");
        });
    }

    ObjectNode require(Target target) {
        return store.find(target.type().storageId(), target.namespace(), target.name())
                .orElseThrow(() -> ApiFailure.notFound(target.type().named(target.name())))
                .json();
    }

    private static void checkPreconditions(Target target, ObjectNode current, ObjectNode wanted) {
        var subject = target.type().named(target.name());
        String name = Metadata.name(wanted);
        if (!name.isEmpty() && !name.equals(target.name())) {
            throw ApiFailure.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
        }
        String version = Metadata.text(wanted, "resourceVersion");
        if (version.isEmpty() && target.type().requiresResourceVersion()) {
            throw ApiFailure.invalid(
                    target.type().ofKind(target.name()),
                    List.of(new Cause(
                            "FieldValueInvalid",
                            "Invalid value: 0x0: must be specified for an update",
                            "metadata.resourceVersion")));
        }
        if (!version.isEmpty() && !version.equals("0") && !version.equals(Metadata.text(current, "resourceVersion"))) {
            throw ApiFailure.modified(subject);
        }
        String uid = Metadata.uid(wanted);
        if (!uid.isEmpty() && !uid.equals(Metadata.uid(current))) {
            throw ApiFailure.conflict(
                    subject,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                            + Metadata.uid(current));
        }
    }

    private ObjectNode replace(
            Target target, ObjectNode current, ObjectNode wanted, WriteOptions options, String operation) {
        ResourceType type = target.type();
        checkEnvelope(type, wanted);
        ObjectNode next = target.isStatus() ? withStatusOf(current, wanted) : keepStatus(type, current, wanted);
        ObjectNode metadata = Metadata.of(next);
        for (String field : SYSTEM_METADATA) {
            JsonNode value = Metadata.of(current).get(field);
            if (value == null) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
        metadata.remove("selfLink");
        metadata.set("resourceVersion", Metadata.of(current).get("resourceVersion"));
        refuseNewFinalizers(target, current, next);
        admission.admit(type, next, current, options);
        if (operation.equals("Update")) {
            ownChanges(target, current, next, options);
        }
        if (type.countsGenerations() && specChanged(type, current, next)) {
            metadata.put("generation", Metadata.of(current).path("generation").asLong(0) + 1);
        }
        if (options.dryRun() || next.equals(current)) {
            return next;
        }
        if (Metadata.isDeleting(next) && !Metadata.hasFinalizers(next) && !deletion.isHeld(type, next)) {
            return deletion.removeNow(type, next);
        }
        return stored(type, store.put(type.storageId(), next));
    }

    private static ObjectNode withStatusOf(ObjectNode current, ObjectNode wanted) {
        ObjectNode next = current.deepCopy();
        JsonNode status = wanted.get("status");
        if (status == null) {
            next.remove("status");
        } else {
            next.set("status", status);
        }
        JsonNode owners = Metadata.of(wanted).get("managedFields");
        if (owners != null) {
            Metadata.of(next).set("managedFields", owners);
        }
        return next;
    }

    private static ObjectNode keepStatus(ResourceType type, ObjectNode current, ObjectNode wanted) {
        if (type.subresources().status()) {
            JsonNode status = current.get("status");
            if (status == null) {
                wanted.remove("status");
            } else {
                wanted.set("status", status.deepCopy());
            }
        }
        return wanted;
    }

    private static void refuseNewFinalizers(Target target, ObjectNode current, ObjectNode next) {
        if (Metadata.isDeleting(current)) {
            for (JsonNode finalizer : next.path("metadata").path("finalizers")) {
                if (!Metadata.hasFinalizer(current, finalizer.asText())) {
                    throw ApiFailure.invalid(
                            target.type().ofKind(target.name()),
                            List.of(new Cause(
                                    "FieldValueForbidden",
                                    "Forbidden: no new finalizers can be added if the object is being deleted",
                                    "metadata.finalizers")));
                }
            }
        }
    }

    private void ownChanges(Target target, ObjectNode current, ObjectNode next, WriteOptions options) {
        boolean hasStatus = target.type().subresources().status();
        ManagedFields.of(current)
                .afterUpdate(
                        owner(target, options, "Update"),
                        Metadata.timestamp(clock),
                        ManagedFields.ownable(current, target.subresource(), hasStatus),
                        ManagedFields.ownable(next, target.subresource(), hasStatus),
                        target.type().fields())
                .writeTo(next);
    }

    private static Owner owner(Target target, WriteOptions options, String operation) {
        return new Owner(
                options.fieldManager(),
                operation,
                target.type().apiVersion(),
                target.subresource().equals("scale") ? "" : target.subresource());
    }

    private static boolean specChanged(ResourceType type, ObjectNode current, ObjectNode next) {
        var ignored = type.subresources().status() ? List.of("metadata", "status") : List.of("metadata");
        var before = Json.object().setAll(current);
        var after = Json.object().setAll(next);
        return !((ObjectNode) before).without(ignored).equals(((ObjectNode) after).without(ignored));
    }

    /** Server-side apply; makes the object when there is none. */
    Applied apply(Target target, ObjectNode applied, WriteOptions options) {
        return store.write(() -> {
            ResourceType type = target.type();
            checkEnvelope(type, applied);
            if (applied.path("metadata").hasNonNull("managedFields")
                    && !applied.path("metadata").path("managedFields").isEmpty()) {
                throw ApiFailure.badRequest("metadata.managedFields must be nil");
            }
            var found = store.find(type.storageId(), target.namespace(), target.name());
            var intent = new ServerSideApply.Intent(
                    applied,
                    owner(target, options, "Apply"),
                    options.force(),
                    type.fields(),
                    type.subresources().status());
            String now = Metadata.timestamp(clock);
            if (found.isEmpty()) {
                if (target.isStatus()) {
                    throw ApiFailure.notFound(type.named(target.name()));
                }
                if (applied.path("metadata").hasNonNull("uid")) {
                    throw ApiFailure.conflict(
                            type.named(target.name()),
                            "uid mismatch: the provided object specified uid " + Metadata.uid(applied)
                                    + ", and no existing object was found");
                }
                ObjectNode fresh = ServerSideApply.apply(Json.object(), intent, now);
                Metadata.of(fresh).put("name", target.name());
                return new Applied(insert(target, fresh, options, "Apply"), true);
            }
            ObjectNode current = found.get().json();
            checkPreconditions(target, current, withVersionOf(current, applied));
            ObjectNode merged = ServerSideApply.apply(current, intent, now);
            return new Applied(replace(target, current, merged, options, "Apply"), false);
        });
    }

    /** An apply without a resourceVersion is unconditional. */
    private static ObjectNode withVersionOf(ObjectNode current, ObjectNode applied) {
        ObjectNode checked = Json.object();
        ObjectNode metadata = Metadata.of(checked);
        metadata.setAll(Metadata.of(applied));
        if (Metadata.text(applied, "resourceVersion").isEmpty()) {
            metadata.set("resourceVersion", Metadata.of(current).get("resourceVersion"));
        }
        return checked;
    }
}
