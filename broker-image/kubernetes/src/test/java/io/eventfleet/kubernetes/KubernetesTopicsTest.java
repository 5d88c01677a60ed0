// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import static io.eventfleet.kubernetes.StoreHarness.CLUSTER;
import static io.eventfleet.kubernetes.StoreHarness.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.admin.TopicResources.Declaration;
import io.eventfleet.core.admin.TopicResources.Lookup;
import io.eventfleet.core.admin.TopicResources.Stored;
import io.eventfleet.core.admin.TopicResources.Written;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true, https = false)
class KubernetesTopicsTest {
    KubernetesClient client;
    private StoreHarness harness;

    @BeforeEach
    void open() {
        harness = new StoreHarness(client.getConfiguration());
    }

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void declaresATopicUnderALegalName() throws Exception {
        var written = get(harness.topics.create(declaration("Payments_EU", 4)));

        assertThat(written).isEqualTo(new Written.Ok());
        var stored = stored("paymentsxeu");
        assertThat(stored.<String>get("spec", "topicName")).isEqualTo("Payments_EU");
        assertThat(stored.<String>get("spec", "cluster")).isEqualTo(CLUSTER);
        assertThat(stored.<Integer>get("spec", "partitions")).isEqualTo(4);
        assertThat(stored.getMetadata().getFinalizers()).containsExactly("eventfleet.io/topic");
        assertThat(found("Payments_EU").declaration()).isEqualTo(declaration("Payments_EU", 4));
    }

    @Test
    void keepsTheAssignmentThatAClientChose() throws Exception {
        var declaration = new Declaration("t", 2, 1, Map.of(), List.of(List.of(0), List.of(2)));

        get(harness.topics.create(declaration));

        assertThat(stored("t").getMetadata().getAnnotations()).containsEntry("eventfleet.io/assignment", "0;2");
    }

    @Test
    void aTopicThatExistsIsAConflict() throws Exception {
        get(harness.topics.create(declaration("t", 1)));

        assertThat(get(harness.topics.create(declaration("t", 1)))).isEqualTo(new Written.Conflict());
    }

    @Test
    void aTopicOfAnotherClusterDoesNotTakeTheName() throws Exception {
        var another = stub("t", "another");

        var written = get(harness.topics.create(declaration("t", 1)));

        assertThat(written).isEqualTo(new Written.Ok());
        assertThat(found("t").objectName()).isEqualTo("orders.t");
        assertThat(another.<String>get("spec", "cluster")).isEqualTo("another");
    }

    @Test
    void findsATopicWhoseResourceHasAnotherName() throws Exception {
        get(harness.topics.create(declaration("Payments_EU", 4)));
        client.genericKubernetesResources(StoreHarness.context(ApiResource.TOPIC, "topics"))
                .inNamespace(NAMESPACE)
                .resource(renamed(stored("paymentsxeu"), "my-payments", "Orders_EU"))
                .create();

        assertThat(found("Orders_EU").objectName()).isEqualTo("my-payments");
        assertThat(get(harness.topics.find("nothing"))).isEqualTo(new Lookup.Absent());
    }

    @Test
    void changesOnlyTheVersionThatWasRead() throws Exception {
        get(harness.topics.create(declaration("t", 1)));
        var read = found("t");
        var grown = new Declaration("t", 5, 1, Map.of("retention.ms", "1"), List.of());

        assertThat(get(harness.topics.update(read, grown))).isEqualTo(new Written.Ok());
        assertThat(get(harness.topics.update(read, grown))).isEqualTo(new Written.Conflict());
        assertThat(found("t").declaration()).isEqualTo(grown);
    }

    @Test
    void keepsTheBrokersThatAClientChoseUnlessItChoosesOthers() throws Exception {
        var chosen = List.of(List.of(0, 1), List.of(1, 2));
        get(harness.topics.create(new Declaration("t", 2, 2, Map.of(), chosen)));

        get(harness.topics.update(found("t"), new Declaration("t", 2, 2, Map.of("retention.ms", "1"), List.of())));
        assertThat(stored("t").getMetadata().getAnnotations()).containsEntry("eventfleet.io/assignment", "0,1;1,2");
        var more = List.of(List.of(0, 1), List.of(1, 2), List.of(2, 0));
        get(harness.topics.update(found("t"), new Declaration("t", 3, 2, Map.of(), more)));

        assertThat(stored("t").getMetadata().getAnnotations()).containsEntry("eventfleet.io/assignment", "0,1;1,2;2,0");
    }

    @Test
    void deletesWithTheDelayOfTheTopic() throws Exception {
        get(harness.topics.create(declaration("t", 1)));

        assertThat(get(harness.topics.delete(found("t"), 60_000))).isEqualTo(new Written.Ok());

        // The finalizer keeps it until its leaders have stopped.
        var deleting = stored("t");
        assertThat(deleting.getMetadata().getDeletionTimestamp()).isNotNull();
        assertThat(deleting.getMetadata().getAnnotations())
                .containsEntry("eventfleet.io/deletion-delay-ms", "60000")
                .containsEntry("eventfleet.io/confirm-deletion", "true");
        assertThat(found("t").deleting()).isTrue();
    }

    @Test
    void doesNotDeleteASuccessorOfWhatWasRead() throws Exception {
        get(harness.topics.create(declaration("t", 1)));
        var read = found("t");
        var impostor = new Stored(read.objectName(), "another-uid", read.resourceVersion(), false, read.declaration());

        assertThat(get(harness.topics.delete(impostor, 0))).isEqualTo(new Written.Conflict());
        assertThat(stored("t").getMetadata().getDeletionTimestamp()).isNull();
    }

    private static Declaration declaration(String topic, int partitions) {
        return new Declaration(topic, partitions, 1, Map.of("retention.ms", "60000"), List.of());
    }

    private Stored found(String topic) throws Exception {
        return ((Lookup.Found) get(harness.topics.find(topic))).resource();
    }

    private GenericKubernetesResource stored(String name) {
        return client.genericKubernetesResources(StoreHarness.context(ApiResource.TOPIC, "topics"))
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private static GenericKubernetesResource renamed(GenericKubernetesResource topic, String name, String topicName) {
        topic.getMetadata().setName(name);
        topic.getMetadata().setUid(null);
        topic.getMetadata().setResourceVersion(null);
        topic.<Map<String, Object>>get("spec").put("topicName", topicName);
        return topic;
    }

    private GenericKubernetesResource stub(String name, String cluster) throws Exception {
        get(harness.topics.create(declaration("seed", 1)));
        var topic = renamed(stored("seed"), name, name);
        topic.<Map<String, Object>>get("spec").put("cluster", cluster);
        return client.genericKubernetesResources(StoreHarness.context(ApiResource.TOPIC, "topics"))
                .inNamespace(NAMESPACE)
                .resource(topic)
                .create();
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
}
