// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Runs one probe once. */
final class Prober implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    /** Empty on success, otherwise why not, in the words of the kubelet. */
    String failure(Probe probe, Container container, PublishedPorts ports) throws InterruptedException {
        Duration timeout = Duration.ofSeconds(Math.max(1, ProbeSchedule.or(probe.getTimeoutSeconds(), 1)));
        try {
            if (probe.getHttpGet() != null) {
                int port = ports.local(port(probe.getHttpGet().getPort(), container));
                String path = probe.getHttpGet().getPath() == null
                        ? "/"
                        : probe.getHttpGet().getPath();
                var request = HttpRequest.newBuilder(
                                URI.create("http://" + NodeSettings.POD_ADDRESS + ":" + port + path))
                        .timeout(timeout)
                        .GET()
                        .build();
                int code = http.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                return code >= 200 && code < 400 ? "" : "HTTP probe failed with statuscode: " + code;
            }
            if (probe.getTcpSocket() != null) {
                int port = ports.local(port(probe.getTcpSocket().getPort(), container));
                try (var socket = new Socket()) {
                    socket.connect(new InetSocketAddress(NodeSettings.POD_ADDRESS, port), (int) timeout.toMillis());
                }
            }
            return "";
        } catch (IOException e) {
            return e.getClass().getSimpleName() + (e.getMessage() == null ? "" : ": " + e.getMessage());
        }
    }

    /** The number of a port that may be given by name. */
    static int port(IntOrString port, Container container) {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return container.getPorts().stream()
                .filter(each -> port.getStrVal().equals(each.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst()
                .orElseGet(() -> Integer.valueOf(port.getStrVal()));
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
