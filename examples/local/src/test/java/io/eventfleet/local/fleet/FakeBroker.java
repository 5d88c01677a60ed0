// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Stands for a broker in a pod: answers probes, tells its name to whoever connects, counts its starts in its volume. */
public final class FakeBroker {
    private FakeBroker() {}

    public static void main(String[] arguments) throws IOException {
        String pod = System.getenv("POD_NAME");
        Path starts = Path.of(System.getenv("EVENTFLEET_DATA"), "starts");
        Files.writeString(starts, pod + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        var health = HttpServer.create(address(System.getenv("EVENTFLEET_HEALTH_LISTENER")), 8);
        health.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        health.start();
        String listener = System.getenv("EVENTFLEET_LISTENERS");
        try (var server = new ServerSocket()) {
            server.bind(address(listener.substring(listener.indexOf("://") + 3)));
            while (true) {
                try (var client = server.accept()) {
                    client.getOutputStream().write(pod.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    private static InetSocketAddress address(String text) throws IOException {
        String[] parts = text.split(":");
        return new InetSocketAddress(InetAddress.getByName(parts[0]), Integer.parseInt(parts[1]));
    }
}
