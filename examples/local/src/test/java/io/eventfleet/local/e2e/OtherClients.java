// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Clients that are not Java, behind one face. A client that cannot be had skips the test and says so. */
enum OtherClients {
    /** librdkafka's command line tool. */
    KCAT(Set.of("none", "gzip", "snappy", "lz4", "zstd")) {
        @Override
        void require() {
            assumeTrue(Tool.exists("kcat"), "kcat is not installed (Debian package kcat)");
        }

        @Override
        void produce(String bootstrap, String topic, String codec, List<String> values) {
            List<String> arguments = new ArrayList<>(List.of("-P", "-b", bootstrap, "-t", topic, "-X", "acks=-1"));
            if (!codec.equals("none")) {
                arguments.addAll(List.of("-z", codec));
            }
            Tool.of("kcat")
                    .runWithInput(String.join("\n", values) + "\n", arguments.toArray(String[]::new))
                    .orFail();
        }

        @Override
        List<String> consume(String bootstrap, String topic, int count) {
            return Tool.of("kcat")
                    .run("-C", "-q", "-e", "-b", bootstrap, "-t", topic, "-o", "beginning", "-f", "%s\n")
                    .orFail()
                    .lines();
        }
    },

    /** KafkaJS on Node, with the codecs that it brings and its own Snappy plug-in. */
    KAFKAJS(Set.of("none", "gzip", "snappy")) {
        @Override
        void require() {
            assumeTrue(Tool.exists("npm") && Tool.exists("node"), "node and npm are not installed");
            assumeTrue(installed(), "KafkaJS cannot be installed from the npm registry");
        }

        @Override
        void produce(String bootstrap, String topic, String codec, List<String> values) {
            node().runWithInput(String.join("\n", values), "produce", bootstrap, topic, codec)
                    .orFail();
        }

        @Override
        List<String> consume(String bootstrap, String topic, int count) {
            return node().run("consume", bootstrap, topic, Integer.toString(count))
                    .orFail()
                    .lines();
        }
    };

    private static final Path KAFKAJS_FOLDER = Path.of("target", "kafkajs").toAbsolutePath();
    private static final String SCRIPT = "kafkajs.js";

    private final Set<String> codecs;

    OtherClients(Set<String> codecs) {
        this.codecs = codecs;
    }

    /** Whether the client can write and read that compression. */
    boolean has(String codec) {
        return codecs.contains(codec);
    }

    /** Skips the test unless the client is there or could be installed. */
    abstract void require();

    /** Sends the values and waits for the acknowledgement of all in-sync replicas. */
    abstract void produce(String bootstrap, String topic, String codec, List<String> values);

    /** All values from the start of the topic, at least that many. */
    abstract List<String> consume(String bootstrap, String topic, int count);

    private static boolean installed() {
        if (Files.isDirectory(KAFKAJS_FOLDER.resolve("node_modules/kafkajs-snappy"))) {
            return true;
        }
        String[] packages = {"install", "--prefix", KAFKAJS_FOLDER.toString(), "kafkajs@2.2.4", "kafkajs-snappy@1.1.0"};
        return Tool.of("npm").run(packages).status() == 0;
    }

    private static Tool node() {
        Path script = KAFKAJS_FOLDER.resolve(SCRIPT);
        try (InputStream source = OtherClients.class.getResourceAsStream(SCRIPT)) {
            if (source == null) {
                throw new AssertionError("no " + SCRIPT + " among the test resources");
            }
            Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Tool(
                List.of("node", script.toString()),
                Map.of("NODE_NO_WARNINGS", "1", "KAFKAJS_NO_PARTITIONER_WARNING", "1"));
    }
}
