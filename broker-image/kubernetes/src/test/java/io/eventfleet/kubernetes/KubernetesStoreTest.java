// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import static io.eventfleet.kubernetes.StoreHarness.CLUSTER;
import static io.eventfleet.kubernetes.StoreHarness.NAMESPACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.eventfleet.core.cluster.PartitionLine;
import io.eventfleet.core.cluster.TopicLines;
import io.eventfleet.core.cluster.TopicState;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Fence;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.LeaseDoc;
import io.eventfleet.core.cluster.store.LeaseHolder;
import io.eventfleet.core.cluster.store.ObjectNames;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.RootDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import io.eventfleet.core.cluster.store.TopicDoc;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true, https = false)
class KubernetesStoreTest {
    private static final long LIMIT_MS = 5000;
    private static final ObjectNames NAMES = new ObjectNames(CLUSTER);
    private static final UUID TOPIC = UUID.fromString("0a000000-0000-4000-8000-000000000001");

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
    void readsBackWhatItCreated() throws InterruptedException {
        var shard = shard(1);

        var created = harness.ask(new StoreEffect.Create(1, NAMES.shard(0), shard, LIMIT_MS));
        var read = harness.ask(new StoreEffect.Get(2, NAMES.shard(0), LIMIT_MS));

        var version = ((StoreEvent.PutDone) created).resourceVersion();
        assertThat(created).isEqualTo(new StoreEvent.PutDone(1, Outcome.OK, version));
        assertThat(((StoreEvent.Got) read).doc()).contains(new Doc(NAMES.shard(0), version, shard));
        assertThat(harness.bytesWritten.get()).isPositive();
    }

    @Test
    void answersThatAnObjectIsAbsent() throws InterruptedException {
        var read = harness.ask(new StoreEffect.Get(7, NAMES.root(), LIMIT_MS));

        assertThat(read).isEqualTo(new StoreEvent.Got(7, true, Optional.empty()));
    }

    @Test
    void refusesASecondObjectOfAName() throws InterruptedException {
        harness.ask(new StoreEffect.Create(1, NAMES.shard(0), shard(1), LIMIT_MS));

        var again = harness.ask(new StoreEffect.Create(2, NAMES.shard(0), shard(1), LIMIT_MS));

        assertThat(again).isEqualTo(new StoreEvent.PutDone(2, Outcome.CONFLICT, ""));
    }

    @Test
    void replacesOnlyTheVersionThatWasRead() throws InterruptedException {
        var created = (StoreEvent.PutDone) harness.ask(new StoreEffect.Create(1, NAMES.shard(0), shard(1), LIMIT_MS));

        var first = harness.ask(new StoreEffect.Put(2, NAMES.shard(0), created.resourceVersion(), shard(2), LIMIT_MS));
        var second = harness.ask(new StoreEffect.Put(3, NAMES.shard(0), created.resourceVersion(), shard(2), LIMIT_MS));

        assertThat(((StoreEvent.PutDone) first).outcome()).isEqualTo(Outcome.OK);
        assertThat(((StoreEvent.PutDone) second).outcome()).isEqualTo(Outcome.CONFLICT);
    }

    @Test
    void replacingWhatIsGoneIsAConflict() throws InterruptedException {
        var put = harness.ask(new StoreEffect.Put(1, NAMES.shard(4), "17", shard(2), LIMIT_MS));

        assertThat(((StoreEvent.PutDone) put).outcome()).isEqualTo(Outcome.CONFLICT);
    }

    @Test
    void keepsLabelsAndFieldsOfOthers() throws InterruptedException {
        var root = RootDoc.created("c1");
        harness.ask(new StoreEffect.Create(1, NAMES.root(), root, LIMIT_MS));
        client.genericKubernetesResources(StoreHarness.context(ApiResource.CLUSTER_META, "clustermetas"))
                .inNamespace(NAMESPACE)
                .withName(CLUSTER)
                .edit(object -> {
                    object.getMetadata().getLabels().put("team", "payments");
                    object.<Map<String, Object>>get("spec").put("rebuild", true);
                    return object;
                });
        var read = (StoreEvent.Got) harness.ask(new StoreEffect.Get(2, NAMES.root(), LIMIT_MS));

        var claimed =
                root.claimedBy(2, UUID.randomUUID()).withFence(root.fence().next(1, "1/x/1"));
        var put = harness.ask(
                new StoreEffect.Put(3, NAMES.root(), read.doc().orElseThrow().resourceVersion(), claimed, LIMIT_MS));

        assertThat(((StoreEvent.PutDone) put).outcome()).isEqualTo(Outcome.OK);
        var stored = object(ApiResource.CLUSTER_META, "clustermetas", CLUSTER);
        assertThat(stored.getMetadata().getLabels()).containsEntry("team", "payments");
        assertThat(stored.<Boolean>get("spec", "rebuild")).isTrue();
        assertThat(stored.<Integer>get("spec", "controllerId")).isEqualTo(2);
        assertThat(stored.<String>get("spec", "writeToken")).isEqualTo("1/x/1");
    }

    @Test
    void writesLeasesThatOtherToolsUnderstand() throws InterruptedException {
        var holder = new LeaseHolder(2, "pod-uid", UUID.randomUUID());
        var lease = new LeaseDoc(holder, 15_000, 3, 41, new Endpoint("orders-broker-2", 9093));

        harness.ask(new StoreEffect.Create(1, NAMES.controllerLease(), lease, LIMIT_MS));
        var read = (StoreEvent.Got) harness.ask(new StoreEffect.Get(2, NAMES.controllerLease(), LIMIT_MS));

        assertThat(read.doc().orElseThrow().body()).isEqualTo(lease);
        var seen = client.leases()
                .inNamespace(NAMESPACE)
                .withName("orders-controller")
                .get();
        assertThat(seen.getSpec().getHolderIdentity()).isEqualTo(holder.identity());
        assertThat(seen.getSpec().getLeaseDurationSeconds()).isEqualTo(15);
        assertThat(seen.getSpec().getRenewTime()).isEqualTo("2026-03-04T05:06:07.000008Z");
        assertThat(seen.getMetadata().getLabels()).containsEntry("eventfleet.io/cluster", CLUSTER);
    }

    @Test
    void releasesALeaseByAnEmptyHolder() throws InterruptedException {
        var held = new LeaseDoc(new LeaseHolder(1, "p", UUID.randomUUID()), 15_000, 0, 1, new Endpoint("h", 1));
        var created = (StoreEvent.PutDone) harness.ask(new StoreEffect.Create(1, NAMES.brokerLease(1), held, LIMIT_MS));

        var released = new LeaseDoc(null, 15_000, 0, 2, null);
        harness.ask(new StoreEffect.Put(2, NAMES.brokerLease(1), created.resourceVersion(), released, LIMIT_MS));
        var read = (StoreEvent.Got) harness.ask(new StoreEffect.Get(3, NAMES.brokerLease(1), LIMIT_MS));

        assertThat(read.doc().orElseThrow().body()).isEqualTo(released);
    }

    @Test
    void listsTheObjectsOfOneClusterOnly() throws InterruptedException {
        harness.ask(new StoreEffect.Create(1, NAMES.shard(0), shard(1), LIMIT_MS));
        topic("payments", CLUSTER, Map.of("partitions", 2));
        topic("foreign", "another", Map.of());

        var shards = (StoreEvent.Listed) harness.ask(new StoreEffect.ListAll(2, Kind.SHARD, LIMIT_MS));
        var topics = (StoreEvent.Listed) harness.ask(new StoreEffect.ListAll(3, Kind.TOPIC, LIMIT_MS));

        assertThat(shards.docs()).extracting(Doc::ref).containsExactly(NAMES.shard(0));
        assertThat(topics.docs()).extracting(Doc::ref).containsExactly(new Ref(Kind.TOPIC, "payments"));
    }

    @Test
    void readsTopicsWithDefaultsFilledIn() throws InterruptedException {
        topic("payments", CLUSTER, Map.of("topicName", "Payments_EU", "config", Map.of("retention.ms", "60000")));

        var read = (StoreEvent.Got) harness.ask(new StoreEffect.Get(1, new Ref(Kind.TOPIC, "payments"), LIMIT_MS));

        var topic = (TopicDoc) read.doc().orElseThrow().body();
        assertThat(topic.topicName()).isEqualTo("Payments_EU");
        assertThat(topic.partitions()).isEqualTo(3);
        assertThat(topic.replicationFactor()).isEqualTo(1);
        assertThat(topic.config()).containsEntry("retention.ms", "60000");
        assertThat(topic.deleting()).isFalse();
        assertThat(topic.finalizer()).isFalse();
    }

    private static ShardDoc shard(long version) {
        var lines = List.of(PartitionLine.created(0, List.of(2), List.of(2), 5));
        var topic = new TopicLines(
                TOPIC,
                "payments",
                "uid-1",
                TopicState.OPEN,
                true,
                1,
                1,
                1,
                0,
                0,
                new TreeMap<>(),
                lines,
                new TreeMap<>());
        return new ShardDoc(
                new Fence(1, "c1", 4, version, "4/" + version),
                0,
                new TreeMap<>(Map.of(2, 5L)),
                new TreeMap<>(Map.of(TOPIC, topic)));
    }

    private GenericKubernetesResource object(ApiResource resource, String plural, String name) {
        return client.genericKubernetesResources(StoreHarness.context(resource, plural))
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private void topic(String name, String cluster, Map<String, Object> fields) {
        var spec = new TreeMap<String, Object>(fields);
        spec.put("cluster", cluster);
        var topic = new GenericKubernetesResource();
        topic.setApiVersion(ApiResource.TOPIC.apiVersion());
        topic.setKind(ApiResource.TOPIC.kind());
        topic.setMetadata(new io.fabric8.kubernetes.api.model.ObjectMetaBuilder()
                .withName(name)
                .withNamespace(NAMESPACE)
                .build());
        topic.setAdditionalProperty("spec", spec);
        client.genericKubernetesResources(StoreHarness.context(ApiResource.TOPIC, "topics"))
                .inNamespace(NAMESPACE)
                .resource(topic)
                .create();
    }
}
