// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.eventfleet.core.log.TopicPartitionId;
import java.util.Set;

/** The core decides and does nothing: no threads, clocks, randomness or I/O, and nothing whose order is salted. */
@AnalyzeClasses(packages = "io.eventfleet.core", importOptions = ImportOption.DoNotIncludeTests.class)
class CorePurityTest {

    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.time.Instant.now",
            "java.time.LocalDateTime.now",
            "java.util.UUID.randomUUID",
            "java.lang.Math.random");

    private static final Set<String> FORBIDDEN = Set.of(
            "java.lang.Thread",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.util.concurrent.ThreadLocalRandom");

    @ArchTest
    static final ArchRule NO_CLOCKS_AND_NO_CHANCE = noClasses()
            .should()
            .callMethodWhere(describe(
                    "a clock or chance",
                    (JavaMethodCall call) -> CLOCKS_AND_CHANCE.contains(call.getTargetOwner()
                                    .getFullName() + "." + call.getTarget().getName())));

    @ArchTest
    static final ArchRule NO_THREADS_AND_NO_IO = noClasses()
            .should()
            .dependOnClassesThat(describe(
                    "threads, randomness, locks or I/O",
                    (JavaClass type) -> FORBIDDEN.contains(type.getFullName())
                            || type.getPackageName().startsWith("java.util.concurrent.locks")
                            || type.getPackageName().startsWith("java.io")
                            || type.getPackageName().startsWith("java.net")
                            || type.getPackageName().startsWith("java.nio.file")
                            || type.getPackageName().startsWith("java.nio.channels")));

    @ArchTest
    static final ArchRule NO_FOREIGN_LIBRARIES = noClasses()
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "io.eventfleet.core..", "org.jspecify..");

    @ArchTest
    static final ArchRule CLUSTER_KNOWS_NO_LOGS = noClasses()
            .that()
            .resideInAPackage("io.eventfleet.core.cluster..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.eventfleet.core.log..")
                    .and(not(belongToAnyOf(TopicPartitionId.class)))
                    .as("know more of logs than the identity of a partition"));

    @ArchTest
    static final ArchRule CONTROLLER_AND_BROKER_MEET_IN_MESSAGES_ONLY = noClasses()
            .that()
            .resideInAPackage("io.eventfleet.core.cluster.controller..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.eventfleet.core.cluster.broker..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.eventfleet.core.cluster.(*)..").should().beFreeOfCycles();
}
