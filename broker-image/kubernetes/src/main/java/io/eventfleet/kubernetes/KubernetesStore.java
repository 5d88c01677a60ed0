// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.api.contract.Labels;
import io.eventfleet.core.cluster.store.Body;
import io.eventfleet.core.cluster.store.Doc;
import io.eventfleet.core.cluster.store.Kind;
import io.eventfleet.core.cluster.store.Outcome;
import io.eventfleet.core.cluster.store.Ref;
import io.eventfleet.core.cluster.store.StoreEffect;
import io.eventfleet.core.cluster.store.StoreEvent;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Carries out the cluster core's requests to its store on the Kubernetes API: one attempt each, reads without a
 * resourceVersion (linearizable), writes with the version that was read. What the API server knows beside the document
 * (labels, owners, fields of newer versions) is kept as it was read.
 *
 * <p>Thread-safe and never blocking; events are handed to the sink from several threads, those of one watch in order.
 */
public final class KubernetesStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesStore.class);

    /** Pause before a watch that could not be opened is reported as ended, so that asking again is no busy loop. */
    private static final Duration WATCH_PAUSE = Duration.ofMillis(500);

    /** Time in which the same failure is told once. */
    private static final Duration COMPLAINT_PAUSE = Duration.ofSeconds(10);

    private static final Duration LIST_BEFORE_WATCH_LIMIT = Duration.ofSeconds(30);
    private static final int TOO_MANY_REQUESTS = 429;

    private final ApiClient leaseCalls;
    private final ApiClient objectCalls;
    private final ApiClient watchCalls;
    private final KubernetesSettings settings;
    private final ObjectForms forms;
    private final Clock clock;
    private final Consumer<StoreEvent> sink;
    private final ReadObjects known = new ReadObjects();
    private final Map<String, Long> complained = new ConcurrentHashMap<>();
    private final Map<Kind, KindWatch> watches = new ConcurrentHashMap<>();

    /**
     * @param clock only for the times in Leases that people read
     * @param sink receives every event; must not block
     */
    public KubernetesStore(KubernetesApi api, KubernetesSettings settings, Clock clock, Consumer<StoreEvent> sink) {
        this.watchCalls = api.watchCalls();
        this.leaseCalls = api.leaseCalls();
        this.objectCalls = api.objectCalls();
        this.settings = settings;
        this.forms = new ObjectForms(settings);
        this.clock = clock;
        this.sink = sink;
    }

    /** Begins one request; its event comes later, at the latest when its time is over. */
    public void carryOut(StoreEffect effect) {
        switch (effect) {
            case StoreEffect.Get get -> get(get);
            case StoreEffect.ListAll list -> list(list);
            case StoreEffect.Create create -> create(create);
            case StoreEffect.Put put -> put(put);
            case StoreEffect.Watch watch -> watch(watch.kind());
            case StoreEffect.Unwatch unwatch -> watchOf(unwatch.kind()).next();
        }
    }

    private void get(StoreEffect.Get get) {
        calls(get.ref().kind())
                .get(path(get.ref()), Duration.ofMillis(get.timeoutMs()))
                .thenAccept(answer -> sink.accept(got(get, answer)));
    }

    private StoreEvent got(StoreEffect.Get get, ApiAnswer answer) {
        if (answer instanceof ApiAnswer.Answered found) {
            if (found.ok()) {
                var doc = read(get.ref().kind(), found.body());
                return new StoreEvent.Got(get.reqId(), doc.isPresent(), doc);
            }
            if (found.code() == HttpURLConnection.HTTP_NOT_FOUND) {
                return new StoreEvent.Got(get.reqId(), true, Optional.empty());
            }
        }
        complain("get", get.ref().toString(), answer);
        return new StoreEvent.Got(get.reqId(), false, Optional.empty());
    }

    private void list(StoreEffect.ListAll list) {
        listing(list.kind(), Duration.ofMillis(list.timeoutMs())).thenAccept(listed -> {
            boolean answered = listed != null;
            sink.accept(new StoreEvent.Listed(list.reqId(), answered, answered ? listed.docs() : List.of()));
        });
    }

    /** Documents of a kind, and the version of the store at which the list was true. */
    private record Listing(List<Doc> docs, String version) {}

    private CompletableFuture<@Nullable Listing> listing(Kind kind, Duration limit) {
        return calls(kind).get(collection(kind), limit).thenApply(answer -> {
            if (!(answer instanceof ApiAnswer.Answered found && found.ok())) {
                complain("list", kind.toString(), answer);
                return null;
            }
            var docs = new ArrayList<Doc>();
            for (var item : found.body().path("items")) {
                if (!forms.isOurs(kind, item)) {
                    continue;
                }
                var doc = read(kind, item);
                // A list without an object that exists would be taken for metadata that is lost.
                if (doc.isEmpty() && kind != Kind.TOPIC) {
                    return null;
                }
                doc.ifPresent(docs::add);
            }
            return new Listing(docs, ObjectForms.version(found.body()));
        });
    }

    private void create(StoreEffect.Create create) {
        var ref = create.ref();
        var object = forms.create(ref, create.body(), clock.instant());
        calls(ref.kind())
                .post(
                        ObjectForms.resource(ref.kind()).path(settings.namespace()),
                        object,
                        Duration.ofMillis(create.timeoutMs()))
                .thenAccept(answer -> sink.accept(written(create.reqId(), ref, create.body(), answer)));
    }

    private void put(StoreEffect.Put put) {
        var ref = put.ref();
        var read = known.find(ref, put.expectedVersion());
        var base = read == null ? forms.create(ref, put.body(), clock.instant()) : read;
        var object = forms.replace(base, put.expectedVersion(), put.body(), clock.instant());
        calls(ref.kind())
                .put(path(ref), object, Duration.ofMillis(put.timeoutMs()))
                .thenAccept(answer -> sink.accept(written(put.reqId(), ref, put.body(), answer)));
    }

    private StoreEvent written(long reqId, Ref ref, Body body, ApiAnswer answer) {
        var outcome = outcome(answer);
        var version = "";
        if (answer instanceof ApiAnswer.Answered done && outcome == Outcome.OK) {
            version = ObjectForms.version(done.body());
            remember(ref.kind(), done.body());
        } else if (outcome == Outcome.REJECTED || outcome == Outcome.UNKNOWN) {
            complain("write", ref.toString(), answer);
        }
        LOG.atTrace()
                .addKeyValue("ref", ref)
                .addKeyValue("outcome", outcome)
                .addKeyValue("body", body)
                .log("written");
        return new StoreEvent.PutDone(reqId, outcome, version);
    }

    static Outcome outcome(ApiAnswer answer) {
        return switch (answer) {
            case ApiAnswer.Silence ignored -> Outcome.UNKNOWN;
            case ApiAnswer.Answered done when done.ok() -> Outcome.OK;
            case ApiAnswer.Answered done ->
                switch (done.code()) {
                    case HttpURLConnection.HTTP_CONFLICT, HttpURLConnection.HTTP_NOT_FOUND -> Outcome.CONFLICT;
                    case HttpURLConnection.HTTP_CLIENT_TIMEOUT, TOO_MANY_REQUESTS -> Outcome.UNKNOWN;
                    default -> Outcome.REJECTED;
                };
        };
    }

    private void watch(Kind kind) {
        long turn = watchOf(kind).next();
        listing(kind, LIST_BEFORE_WATCH_LIMIT).thenAccept(listed -> open(kind, turn, listed));
    }

    /** Watches from the version of the list on. */
    private void open(Kind kind, long turn, @Nullable Listing listed) {
        var watching = watchOf(kind);
        if (listed == null) {
            endLater(kind, turn);
            return;
        }
        watching.announce(turn, listed.docs());
        var events = new ObjectWatch.Events() {
            @Override
            public void changed(JsonNode object) {
                if (forms.isOurs(kind, object)) {
                    read(kind, object).ifPresent(doc -> watching.tell(turn, doc.ref(), Optional.of(doc)));
                }
            }

            @Override
            public void deleted(JsonNode object) {
                if (forms.isOurs(kind, object)) {
                    watching.tell(turn, forms.ref(kind, object), Optional.empty());
                }
            }

            @Override
            public void ended() {
                endLater(kind, turn);
            }
        };
        var watch = new ObjectWatch(watchCalls, collection(kind), listed.version(), events);
        if (watching.adopt(turn, watch)) {
            watch.open();
        }
    }

    private KindWatch watchOf(Kind kind) {
        return watches.computeIfAbsent(kind, first -> new KindWatch(first, sink));
    }

    private void endLater(Kind kind, long turn) {
        CompletableFuture.delayedExecutor(WATCH_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> watchOf(kind).ended(turn));
    }

    private Optional<Doc> read(Kind kind, JsonNode object) {
        try {
            var doc = forms.doc(kind, object);
            remember(kind, object);
            return Optional.of(doc);
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("ref", forms.ref(kind, object))
                    .addKeyValue("cause", e.toString())
                    .log("object makes no sense");
            return Optional.empty();
        }
    }

    /** Topics are not remembered: nothing here replaces one, and there may be many. */
    private void remember(Kind kind, JsonNode object) {
        if (kind != Kind.TOPIC && object instanceof ObjectNode whole) {
            known.remember(forms.ref(kind, object), whole);
        }
    }

    /** During an outage the same request fails every second: one line in ten seconds says enough. */
    private void complain(String verb, String what, ApiAnswer answer) {
        long now = System.nanoTime();
        var last = complained.get(verb + what);
        boolean loud = last == null || now - last > COMPLAINT_PAUSE.toNanos();
        if (loud) {
            complained.put(verb + what, now);
        }
        var reason =
                switch (answer) {
                    case ApiAnswer.Answered answered -> answered.code() + " " + answered.message();
                    case ApiAnswer.Silence silence -> silence.reason();
                };
        LOG.atLevel(loud ? Level.WARN : Level.DEBUG)
                .addKeyValue("verb", verb)
                .addKeyValue("object", what)
                .addKeyValue("reason", reason)
                .log("store request failed");
    }

    private ApiClient calls(Kind kind) {
        return kind == Kind.LEASE ? leaseCalls : objectCalls;
    }

    private String path(Ref ref) {
        return ObjectForms.resource(ref.kind()).path(settings.namespace(), ref.name());
    }

    /** Users put no labels on their Topics, so all of the namespace are read; everything else is labelled by us. */
    private String collection(Kind kind) {
        var resource = ObjectForms.resource(kind);
        return kind == Kind.TOPIC
                ? resource.path(settings.namespace())
                : resource.listPath(settings.namespace(), Labels.CLUSTER + "=" + settings.cluster());
    }

    @Override
    public void close() {
        watches.values().forEach(KindWatch::next);
    }
}
