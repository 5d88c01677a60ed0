// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the built parts are.
 *
 * @param home the root of the source tree
 */
public record Installation(Path home) {
    /** System property that names the root. */
    public static final String HOME_PROPERTY = "eventfleet.home";

    /** The class every broker process runs. */
    public static final String BROKER_MAIN = "io.eventfleet.server.BrokerMain";

    /** By the system property, otherwise the closest folder upwards that holds the resource definitions. */
    public static Installation find() {
        String configured = System.getProperty(HOME_PROPERTY);
        if (configured != null) {
            return new Installation(Path.of(configured).toAbsolutePath());
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("crds/manifests"))) {
                return new Installation(folder);
            }
        }
        throw new SetupException("the source tree was not found; run from inside it or set -D" + HOME_PROPERTY);
    }

    public Path definitions() {
        return require(home.resolve("crds/manifests"), "the resource definitions");
    }

    public Path quickstart() {
        return require(home.resolve("examples/01-quickstart"), "the quickstart example");
    }

    public Path operatorJar() {
        return require(home.resolve("operator/target/quarkus-app/quarkus-run.jar"), "the operator");
    }

    /** Class path of a broker process. */
    public List<String> brokerClassPath() {
        Path target = home.resolve("broker-image/server/target");
        var entries = new ArrayList<String>();
        if (Files.isDirectory(target)) {
            try (var jars = Files.newDirectoryStream(target, "eventfleet-server-*.jar")) {
                jars.forEach(jar -> entries.add(jar.toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (entries.isEmpty()) {
            throw new SetupException("the broker is not built (" + target + "); run ./mvnw package -DskipTests");
        }
        entries.add(require(target.resolve("lib"), "the broker's libraries") + "/*");
        return entries;
    }

    private static Path require(Path path, String what) {
        if (!Files.exists(path)) {
            throw new SetupException(what + " is missing at " + path + "; run ./mvnw package -DskipTests");
        }
        return path;
    }
}
