// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes core events; the same event about the same object is counted up. Thread-safe. */
final class EventRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int MAX_REMEMBERED = 1_000;

    private final KubernetesClient client;
    private final String component;
    private final Map<String, String> names = new ConcurrentHashMap<>();

    EventRecorder(KubernetesClient client, String component) {
        this.client = client;
        this.component = component;
    }

    void normal(HasMetadata about, String reason, String message) {
        record(about, "Normal", reason, message);
    }

    void warning(HasMetadata about, String reason, String message) {
        record(about, "Warning", reason, message);
    }

    private void record(HasMetadata about, String type, String reason, String message) {
        try {
            String key = about.getMetadata().getUid() + "/" + reason + "/" + message;
            String name = names.get(key);
            if (name == null || !countUp(about, name)) {
                if (names.size() > MAX_REMEMBERED) {
                    names.clear();
                }
                names.put(key, create(about, type, reason, message));
            }
        } catch (KubernetesClientException e) {
            LOG.atWarn().addKeyValue("reason", reason).setCause(e).log("event not written");
        }
    }

    private boolean countUp(HasMetadata about, String name) {
        var resource = client.v1()
                .events()
                .inNamespace(about.getMetadata().getNamespace())
                .withName(name);
        if (resource.get() == null) {
            return false;
        }
        resource.edit(event -> {
            event.setCount(event.getCount() == null ? 2 : event.getCount() + 1);
            event.setLastTimestamp(now());
            return event;
        });
        return true;
    }

    private String create(HasMetadata about, String type, String reason, String message) {
        var metadata = about.getMetadata();
        var event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(metadata.getName() + ".")
                .withNamespace(metadata.getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withCount(1)
                .withFirstTimestamp(now())
                .withLastTimestamp(now())
                .withNewSource()
                .withComponent(component)
                .withHost(NodeSettings.NODE_NAME)
                .endSource()
                .withReportingComponent(component)
                .withReportingInstance(NodeSettings.NODE_NAME)
                .build();
        return client.v1()
                .events()
                .inNamespace(metadata.getNamespace())
                .resource(event)
                .create()
                .getMetadata()
                .getName();
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
