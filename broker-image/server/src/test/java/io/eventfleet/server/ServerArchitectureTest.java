// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eventfleet.server", importOptions = DoNotIncludeTests.class)
class ServerArchitectureTest {

    @ArchTest
    static final ArchRule ONLY_THE_COMPOSITION_ROOT_KNOWS_THE_ADAPTERS = noClasses()
            .that()
            .haveNameNotMatching("io\\.eventfleet\\.server\\.(BrokerAssembly|StorageMetrics|KubernetesMetrics)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.eventfleet.storage..", "io.eventfleet.kubernetes..", "io.fabric8..", "org.rocksdb..");

    @ArchTest
    static final ArchRule KAFKA_INTERNALS_STAY_BEHIND_THE_PROTOCOL = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("org\\.apache\\.kafka\\.(common\\.requests\\..*"
                    + "|common\\.record\\.internal\\.(?!BaseRecords$).*"
                    + "|common\\.network\\..*"
                    + "|common\\.protocol\\.(?!ApiKeys$|ApiMessage$|Errors$).*"
                    + "|coordinator\\..*|server\\.(?!authorizer).*|storage\\..*|metadata\\..*|image\\..*)");

    @ArchTest
    static final ArchRule HANDLERS_KNOW_NO_SOCKETS = noClasses()
            .that()
            .resideInAPackage("io.eventfleet.server.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "io.eventfleet.server.network..", "java.net..");

    @ArchTest
    static final ArchRule PARTITIONS_KNOW_NO_REQUESTS = noClasses()
            .that()
            .resideInAPackage("io.eventfleet.server.partition..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.eventfleet.server.api..", "io.netty..");

    @ArchTest
    static final ArchRule HANDLERS_ARE_CALLED_SO = classes()
            .that()
            .implement(io.eventfleet.server.api.ApiHandler.class)
            .should()
            .haveSimpleNameEndingWith("Handler");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("io.eventfleet.server.(*)..").should().beFreeOfCycles();
}
