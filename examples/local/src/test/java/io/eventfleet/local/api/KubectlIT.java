// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.eventfleet.local.api.server.PodLogs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a user types; skipped where {@code kubectl} is not installed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubectlIT {
    private static final long LIMIT_SECONDS = 60;

    private Path folder;
    private EmbeddedApi api;

    private record Ran(int status, String text) {}

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        boolean installed = Arrays.stream(
                        System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "kubectl")));
        assumeTrue(installed, "kubectl is not installed: nothing of this class runs");
        api = EmbeddedApi.start(0, null, PodLogs.NONE);
        api.writeKubeconfig(folder.resolve("kubeconfig"));
        succeed("apply", "-f", Definitions.SHIP.toString());
    }

    @AfterAll
    void stop() {
        if (api != null) {
            api.close();
        }
    }

    @Test
    void appliesShowsAndExplainsACustomResource() throws IOException, InterruptedException {
        Path file = file("ship.yaml", ship("kiel", "masts: 2"));
        assertThat(succeed("apply", "-f", file.toString())).contains("ship.example.org/kiel created");
        assertThat(succeed("apply", "-f", file.toString())).contains("unchanged");
        assertThat(succeed("get", "sh", "kiel").lines().toList().get(0)).matches("NAME +MASTS +READY");
        assertThat(succeed("get", "ships", "kiel", "-o", "wide")
                        .lines()
                        .toList()
                        .get(1))
                .matches("kiel +2 +Bremen");
        assertThat(succeed("describe", "ship", "kiel")).contains("Masts:  2", "Events:");
        assertThat(succeed("explain", "ship.spec.rig")).contains("FIELD: rig");
        assertThat(succeed("get", "--raw", "/readyz")).isEqualTo("ok");
    }

    @Test
    void scalesWaitsPatchesLabelsAndDeletes() throws IOException, InterruptedException {
        succeed("apply", "-f", file("b.yaml", ship("borkum", "masts: 1")).toString());
        succeed("scale", "ship", "borkum", "--replicas=3");
        assertThat(succeed("get", "ship", "borkum", "-o", "jsonpath={.spec.masts}"))
                .isEqualTo("3");
        succeed(
                "patch",
                "ship",
                "borkum",
                "--type=merge",
                "--subresource=status",
                "-p",
                "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
        succeed("wait", "--for=condition=Ready", "ship/borkum", "--timeout=10s");
        succeed("label", "ship", "borkum", "sea=north");
        assertThat(succeed("get", "ships", "-l", "sea in (north)", "-o", "name"))
                .contains("ship.example.org/borkum");
        assertThat(succeed("delete", "ship", "borkum", "--cascade=foreground")).contains("deleted");
        assertThat(run("get", "ship", "borkum").text()).contains("ships.example.org \"borkum\" not found");
    }

    @Test
    void refusesWhatTheSchemaForbids() throws IOException, InterruptedException {
        assertThat(refuse(
                        "apply",
                        "-f",
                        file("x.yaml", ship("xanten", "masts: 10")).toString()))
                .contains("should be less than or equal to 9");
        assertThat(refuse(
                        "apply",
                        "-f",
                        file("y.yaml", ship("aalborg", "masts: 1, sails: 2")).toString()))
                .contains("unknown field \"spec.sails\"");
        assertThat(refuse(
                        "apply",
                        "--server-side",
                        "-f",
                        file("z.yaml", ship("Zuid", "masts: 1")).toString()))
                .contains("RFC 1123 subdomain");
    }

    @Test
    void reportsConflictsOfServerSideApplyWithAdvice() throws IOException, InterruptedException {
        Path file = file("c.yaml", ship("celle", "masts: 2"));
        succeed("apply", "--server-side", "-f", file.toString());
        succeed("scale", "ship", "celle", "--replicas=4");
        assertThat(refuse("apply", "--server-side", "-f", file.toString()))
                .contains("conflict", ".spec.masts", "--force-conflicts");
        assertThat(succeed(
                        "diff",
                        "--server-side",
                        "--force-conflicts",
                        "-f",
                        file("c2.yaml", ship("celle", "masts: 4")).toString()))
                .isEmpty();
        assertThat(refuse("apply", "--server-side", "--force-conflicts", "-f", file.toString()))
                .contains("masts only grow, from 4");
    }

    @Test
    void createsNamespacesConfigurationAndAnswersWhatIsAllowed() throws IOException, InterruptedException {
        succeed("create", "namespace", "harbour");
        succeed("create", "configmap", "c", "--from-literal=a=b", "-n", "harbour");
        succeed("create", "secret", "generic", "s", "--from-literal=a=b", "-n", "harbour");
        assertThat(succeed("get", "configmap", "c", "-n", "harbour", "-o", "jsonpath={.data.a}"))
                .isEqualTo("b");
        assertThat(succeed("get", "secret", "s", "-n", "harbour", "-o", "jsonpath={.data.a}"))
                .isEqualTo("Yg==");
        assertThat(succeed("auth", "can-i", "create", "pods")).contains("yes");
        succeed("delete", "namespace", "harbour");
        assertThat(run("get", "configmap", "c", "-n", "harbour").status()).isNotZero();
    }

    @Test
    void editsBuiltInKindsByStrategicMerge() throws IOException, InterruptedException {
        succeed("apply", "-f", file("d.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d}
                spec:
                  selector: {matchLabels: {a: b}}
                  template:
                    metadata: {labels: {a: b}}
                    spec: {containers: [{name: one, image: x}]}
                """).toString());
        succeed("set", "image", "deployment/d", "one=y");
        assertThat(succeed("get", "deployment", "d", "-o", "jsonpath={.spec.template.spec.containers[*].image}"))
                .isEqualTo("y");
        assertThat(succeed("get", "deployments")).contains("READY", "UP-TO-DATE", "AVAILABLE");
    }

    @Test
    void watchesAsATable() throws IOException, InterruptedException {
        Path out = folder.resolve("watch.txt");
        Process watch = kubectl(List.of("get", "ships", "-w", "--request-timeout=20s"))
                .redirectOutput(out.toFile())
                .start();
        try {
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(20))
                    .until(() -> {
                        succeed(
                                "apply",
                                "-f",
                                file("w.yaml", ship("wyk", "masts: 2")).toString());
                        succeed("delete", "ship", "wyk");
                        return Files.readString(out).lines().anyMatch(line -> line.startsWith("wyk"));
                    });
            assertThat(Files.readString(out).lines().filter(line -> line.startsWith("NAME")))
                    .hasSizeLessThanOrEqualTo(1);
        } finally {
            watch.destroyForcibly();
        }
    }

    private static String ship(String name, String spec) {
        return "apiVersion: example.org/v1\nkind: Ship\nmetadata: {name: %s}\nspec: {%s}\n".formatted(name, spec);
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String succeed(String... arguments) throws IOException, InterruptedException {
        Ran ran = run(arguments);
        assertThat(ran.status()).as(ran.text()).isZero();
        return ran.text();
    }

    private String refuse(String... arguments) throws IOException, InterruptedException {
        Ran ran = run(arguments);
        assertThat(ran.status()).as(ran.text()).isNotZero();
        return ran.text();
    }

    private ProcessBuilder kubectl(List<String> arguments) {
        var command = new ArrayList<>(List.of("kubectl", "--cache-dir=" + folder.resolve("cache")));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", folder.resolve("kubeconfig").toString());
        return builder;
    }

    private Ran run(String... arguments) throws IOException, InterruptedException {
        Process process = kubectl(List.of(arguments)).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), text);
    }
}
