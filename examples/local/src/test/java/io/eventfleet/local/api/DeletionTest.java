// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.operation.DeleteOptions;
import io.eventfleet.local.api.operation.DeleteOptions.Propagation;
import org.junit.jupiter.api.Test;

class DeletionTest {
    private final Api api = new Api();

    @Test
    void collectsDependentsInTheBackground() {
        ObjectNode owner = map("owner", "");
        ObjectNode child = map("child", owners(owner));
        ObjectNode grandchild = map("grandchild", owners(child));

        api.delete(owner, Propagation.BACKGROUND);

        assertThat(api.find(child)).isEmpty();
        assertThat(api.find(grandchild)).isEmpty();
    }

    @Test
    void keepsWhatAnotherOwnerStillHolds() {
        ObjectNode one = map("one", "");
        ObjectNode two = map("two", "");
        ObjectNode child = map("child", "ownerReferences: [%s, %s]".formatted(reference(one), reference(two)));

        api.delete(one, Propagation.BACKGROUND);
        assertThat(api.find(child)).isPresent();
        api.delete(two, Propagation.BACKGROUND);
        assertThat(api.find(child)).isEmpty();
    }

    @Test
    void leavesDependentsWithoutOwnerWhenTheyAreOrphaned() {
        ObjectNode owner = map("owner", "");
        ObjectNode child = map("child", owners(owner));

        api.delete(owner, Propagation.ORPHAN);

        assertThat(api.find(owner)).isEmpty();
        assertThat(api.find(child).orElseThrow().at("/metadata/ownerReferences").isMissingNode())
                .isTrue();
    }

    @Test
    void waitsForBlockingDependentsInTheForeground() {
        ObjectNode owner = map("owner", "");
        ObjectNode child = map("child", owners(owner) + ", finalizers: [example.org/held]");

        api.delete(owner, Propagation.FOREGROUND);
        assertThat(Metadata.isDeleting(api.find(owner).orElseThrow())).isTrue();
        assertThat(Metadata.isDeleting(api.find(child).orElseThrow())).isTrue();

        api.patch(child, "application/merge-patch+json", "{'metadata':{'finalizers':null}}");
        assertThat(api.find(child)).isEmpty();
        assertThat(api.find(owner)).isEmpty();
    }

    @Test
    void deletesThousandsOfDependentsWithoutExhaustingTheStack() {
        ObjectNode owner = map("owner", "");
        for (int i = 0; i < 3_000; i++) {
            map("child-" + i, owners(owner));
        }

        api.delete(owner, Propagation.FOREGROUND);

        assertThat(api.names("", "v1", "configmaps")).isEmpty();
    }

    @Test
    void collectsAnObjectWhoseOwnerNeverExisted() {
        ObjectNode child = map(
                "child",
                "ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: nobody, uid: none, blockOwnerDeletion: true}]");
        assertThat(api.find(child)).isPresent();

        api.collect();

        assertThat(api.find(child)).isEmpty();
    }

    @Test
    void keepsAnObjectUntilItsLastFinalizerIsGone() {
        ObjectNode held = map("held", "finalizers: [example.org/a, example.org/b]");
        api.delete(held, Propagation.BACKGROUND);

        api.patch(held, "application/merge-patch+json", "{'metadata':{'finalizers':['example.org/b']}}");
        assertThat(api.find(held)).isPresent();
        assertThatThrownBy(() -> api.patch(
                        held,
                        "application/merge-patch+json",
                        "{'metadata':{'finalizers':['example.org/b','example.org/c']}}"))
                .hasMessageContaining("no new finalizers can be added if the object is being deleted");
        api.patch(held, "application/merge-patch+json", "{'metadata':{'finalizers':[]}}");
        assertThat(api.find(held)).isEmpty();
    }

    @Test
    void emptiesANamespaceBeforeItGoes() {
        ObjectNode namespace = api.create("{apiVersion: v1, kind: Namespace, metadata: {name: n}}");
        ObjectNode held = api.create(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace: n, finalizers: [example.org/a]}}");
        api.delete(namespace, Propagation.BACKGROUND);

        assertThat(api.find(namespace).orElseThrow().at("/status/phase").asText())
                .isEqualTo("Terminating");
        assertThatThrownBy(() -> api.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: d, namespace: n}}"))
                .hasMessageContaining("because it is being terminated");
        api.patch(held, "application/merge-patch+json", "{'metadata':{'finalizers':null}}");
        assertThat(api.find(namespace)).isEmpty();
    }

    @Test
    void givesPodsOnANodeTheirGracePeriod() {
        ObjectNode pod = api.create("{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default},"
                + " spec: {nodeName: local, terminationGracePeriodSeconds: 7, containers: [{name: a, image: b}]}}");

        api.delete(pod, Propagation.BACKGROUND);
        assertThat(api.find(pod)
                        .orElseThrow()
                        .at("/metadata/deletionGracePeriodSeconds")
                        .asInt())
                .isEqualTo(7);
        api.verbs().delete(api.target(pod, ""), new DeleteOptions(0, Propagation.BACKGROUND, "", "", false));
        assertThat(api.find(pod)).isEmpty();
    }

    @Test
    void honoursPreconditionsAndDryRun() {
        ObjectNode map = map("c", "");
        var target = api.target(map, "");

        assertThatThrownBy(() ->
                        api.verbs().delete(target, new DeleteOptions(-1, Propagation.BACKGROUND, "other", "", false)))
                .hasMessageContaining("Precondition failed: UID in precondition: other");
        api.verbs().delete(target, new DeleteOptions(-1, Propagation.BACKGROUND, "", "", true));
        assertThat(api.find(map)).isPresent();
    }

    private ObjectNode map(String name, String metadata) {
        return api.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, namespace: default%s}}"
                .formatted(name, metadata.isEmpty() ? "" : ", " + metadata));
    }

    private static String owners(ObjectNode owner) {
        return "ownerReferences: [" + reference(owner) + "]";
    }

    private static String reference(ObjectNode owner) {
        return "{apiVersion: v1, kind: ConfigMap, name: %s, uid: %s, blockOwnerDeletion: true}"
                .formatted(Metadata.name(owner), Metadata.uid(owner));
    }
}
