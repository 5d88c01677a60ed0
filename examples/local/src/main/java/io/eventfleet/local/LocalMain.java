// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local;

import io.eventfleet.local.command.DemoCommand;
import io.eventfleet.local.command.DownCommand;
import io.eventfleet.local.command.TortureCommand;
import io.eventfleet.local.command.UpCommand;
import io.eventfleet.local.fleet.SetupException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Runs the system on this machine; {@code ./eventfleet} calls it. */
@Command(
        name = "eventfleet",
        description = "Runs Eventfleet on this machine.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        subcommands = {UpCommand.class, DownCommand.class, DemoCommand.class, TortureCommand.class})
public final class LocalMain {
    private LocalMain() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new LocalMain())
                .setExecutionExceptionHandler(LocalMain::report)
                .execute(arguments));
    }

    /** One line for what the user can mend; a stack trace only for what nobody expected. */
    private static int report(Exception failure, CommandLine command, CommandLine.ParseResult parsed) throws Exception {
        if (failure instanceof SetupException) {
            command.getErr().println("eventfleet: " + failure.getMessage());
            command.getErr().flush();
            return 1;
        }
        throw failure;
    }
}
