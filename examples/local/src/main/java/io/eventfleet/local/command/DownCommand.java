// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.command;

import io.eventfleet.local.fleet.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code down}: stops what {@code up --detach} left running. */
@Command(name = "down", description = "Stops a detached system.", mixinStandardHelpOptions = true)
public final class DownCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--data", paramLabel = "DIR", description = "The folder that 'up' was given.")
    private @Nullable Path data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var progress = new Progress(spec.commandLine().getOut());
        if (new DetachedSystem(Installation.find()).stop(data)) {
            progress.step("stopped");
            return 0;
        }
        progress.plain("eventfleet: nothing to stop" + (data == null ? "" : " in " + data));
        return 1;
    }
}
