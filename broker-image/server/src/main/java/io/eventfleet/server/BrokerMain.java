// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import java.lang.management.ManagementFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one broker until SIGTERM or SIGINT. Exit codes are those of {@link ExitCode}; a reason to act on is the last line
 * of the log.
 */
public final class BrokerMain {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerMain.class);

    private static volatile boolean started;

    private BrokerMain() {}

    public static void main(String[] arguments) {
        Thread.setDefaultUncaughtExceptionHandler(BrokerMain::onUncaught);
        try {
            var environment = BrokerEnvironment.read(System.getenv());
            var broker = new BrokerAssembly(environment);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(broker)));
            broker.start();
            started = true;
            LOG.atInfo()
                    .addKeyValue("cluster", environment.cluster())
                    .addKeyValue("broker", environment.brokerId())
                    .addKeyValue(
                            "sinceProcessStartMs",
                            ManagementFactory.getRuntimeMXBean().getUptime())
                    .log("broker started");
        } catch (StartException e) {
            ProcessEnd.halt(e.code(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            ProcessEnd.halt(ExitCode.FAILED, "start failed", e);
        }
    }

    private static void stop(BrokerAssembly broker) {
        if (!started) {
            // Nothing was promised to anybody yet, and the main thread is still making parts.
            ProcessEnd.stopped();
        }
        LOG.atInfo().log("broker stopping");
        broker.leave();
        broker.close();
        LOG.atInfo().log("broker stopped");
        ProcessEnd.stopped();
    }

    private static void onUncaught(Thread thread, Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            ProcessEnd.halt(ExitCode.HALTED, "out of memory", failure);
        }
        LOG.atError().addKeyValue("thread", thread.getName()).setCause(failure).log("uncaught failure");
    }
}
