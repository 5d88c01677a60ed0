// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.network;

import io.eventfleet.local.api.EmbeddedApi;
import io.eventfleet.local.fleet.SetupException;
import io.eventfleet.local.kubelet.StartHook;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All links of the brokers of one cluster. Broker {@code to} tells the others one name and port; for broker {@code from} that name resolves
 * to 127.98.from.to, where the link of these two listens. The API of broker {@code from} is a link as well, named in its kubeconfig.
 * Clients, the operator and the node are not concerned. Thread-safe.
 */
public final class BrokerNetwork implements StartHook, Closeable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String NETWORK = "127.98.";
    private static final String DOMAIN = ".torture.internal";
    private static final String INTERNAL_LISTENER = "EVENTFLEET_INTERNAL_LISTENER";

    private final Path folder;
    private final Path hosts;
    private final int brokers;
    private final int port;
    private final List<List<Link>> peers = new ArrayList<>();
    private final List<Link> apis = new ArrayList<>();
    private final Map<Integer, InetSocketAddress> internal = new ConcurrentHashMap<>();
    private volatile @Nullable InetSocketAddress api;

    /**
     * Starts all links.
     *
     * @param data the data folder of the fleet
     * @throws SetupException where addresses in 127.0.0.0/8 are not all this machine's
     */
    public BrokerNetwork(Path data, int brokers) {
        this.folder = data.toAbsolutePath().resolve("network");
        this.hosts = data.toAbsolutePath().resolve("hosts");
        this.brokers = brokers;
        int common = 0;
        try {
            for (int from = 0; from < brokers; from++) {
                List<Link> ofOne = new ArrayList<>();
                peers.add(ofOne);
                for (int to = 0; to < brokers; to++) {
                    int target = to;
                    Link link = new Link(new InetSocketAddress(address(from, to), common), () -> internalOf(target));
                    common = link.address().getPort();
                    ofOne.add(link);
                }
                apis.add(new Link(new InetSocketAddress(LOOPBACK, 0), this::api));
            }
        } catch (IOException e) {
            close();
            throw new SetupException("addresses in 127.98.0.0/16 cannot be bound (" + e.getMessage()
                    + "); broken networks need a machine where all of 127.0.0.0/8 is loopback, such as Linux");
        }
        this.port = common;
    }

    private static String address(int from, int to) {
        return NETWORK + from + "." + (to + 1);
    }

    private InetSocketAddress internalOf(int broker) {
        InetSocketAddress known = internal.get(broker);
        return known == null ? new InetSocketAddress(LOOPBACK, 0) : known;
    }

    private InetSocketAddress api() {
        InetSocketAddress known = api;
        return known == null ? new InetSocketAddress(LOOPBACK, 0) : known;
    }

    /** Says where the API is; before the first broker starts. */
    public void connectApi(String url) {
        URI uri = URI.create(url);
        api = new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    @Override
    public List<String> beforeStart(String namespace, String pod, Map<String, String> environment) throws IOException {
        int broker = Integer.parseInt(pod.substring(pod.lastIndexOf('-') + 1));
        String listener = environment.get(INTERNAL_LISTENER);
        if (listener == null || broker >= brokers) {
            throw new IOException(pod + " is not a broker of this network");
        }
        int colon = listener.lastIndexOf(':');
        internal.put(
                broker,
                new InetSocketAddress(listener.substring(0, colon), Integer.parseInt(listener.substring(colon + 1))));
        environment.put("EVENTFLEET_INTERNAL_ADVERTISED", nameOf(broker) + ":" + port);
        Files.createDirectories(folder);
        Path kubeconfig = folder.resolve("kubeconfig-" + broker);
        InetSocketAddress apiLink = apis.get(broker).address();
        EmbeddedApi.writeKubeconfig(kubeconfig, "http://" + LOOPBACK + ":" + apiLink.getPort());
        environment.put("KUBECONFIG", kubeconfig.toString());
        return List.of("-Djdk.net.hosts.file=" + writeHosts(broker));
    }

    private Path writeHosts(int broker) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(hosts));
        for (int to = 0; to < brokers; to++) {
            lines.add(address(broker, to) + " " + nameOf(to));
        }
        return Files.write(folder.resolve("hosts-" + broker), lines);
    }

    private static String nameOf(int broker) {
        return "broker-" + broker + DOMAIN;
    }

    /** Loses what one broker says to another one, whoever opened the connection. */
    public void cut(int from, int to) {
        peers.get(from).get(to).cutForth();
        peers.get(to).get(from).cutBack();
    }

    /** Delays everything between different brokers, in each direction. */
    public void delay(Duration latency) {
        for (int from = 0; from < brokers; from++) {
            for (int to = 0; to < brokers; to++) {
                if (from != to) {
                    peers.get(from).get(to).delay(latency);
                }
            }
        }
    }

    /** Loses everything between a broker and the API. */
    public void cutApi(int broker) {
        apis.get(broker).cutForth();
        apis.get(broker).cutBack();
    }

    /** Ends every connection of brokers to the API and refuses new ones. */
    public void refuseApi() {
        apis.forEach(Link::refuse);
    }

    /** Undoes everything. */
    public void heal() {
        links().forEach(Link::heal);
    }

    private Stream<Link> links() {
        return Stream.concat(peers.stream().flatMap(List::stream), apis.stream());
    }

    @Override
    public void close() {
        links().forEach(Link::close);
    }
}
