// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import static io.eventfleet.config.Rule.ANY;
import static io.eventfleet.config.Rule.atLeast;
import static io.eventfleet.config.Rule.between;
import static io.eventfleet.config.Rule.oneOf;
import static io.eventfleet.config.Rule.only;
import static io.eventfleet.config.SettingType.BOOLEAN;
import static io.eventfleet.config.SettingType.INT;
import static io.eventfleet.config.SettingType.LIST;
import static io.eventfleet.config.SettingType.LONG;
import static io.eventfleet.config.SettingType.STRING;

import io.eventfleet.config.BrokerSetting.SetBy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of every broker-level configuration key. */
final class BrokerSettingCatalogue {
    private static final String MAX_INT = Integer.toString(Integer.MAX_VALUE);

    private final List<BrokerSetting> entries = new ArrayList<>();

    private BrokerSettingCatalogue() {}

    static List<BrokerSetting> all() {
        var catalogue = new BrokerSettingCatalogue();
        catalogue.endpoints();
        catalogue.storage();
        catalogue.topicCreation();
        catalogue.topicDefaults();
        catalogue.network();
        catalogue.coordination();
        catalogue.offsets();
        catalogue.classicGroups();
        catalogue.consumerGroups();
        catalogue.shareGroups();
        catalogue.streamsGroups();
        return List.copyOf(catalogue.entries);
    }

    private void endpoints() {
        operator(
                "listeners",
                LIST,
                "plain://0.0.0.0:9092",
                ANY,
                "Where clients connect: name://host:port, comma-separated.");
        operator(
                "advertised.listeners",
                LIST,
                null,
                ANY,
                "The address of each listener as clients are told it; absent: as bound.");
        operator(
                "eventfleet.internal.listener", STRING, "0.0.0.0:9093", ANY, "Where other brokers connect: host:port.");
        operator(
                "eventfleet.internal.advertised",
                STRING,
                null,
                ANY,
                "The internal address as other brokers are told it; absent: as bound.");
        operator(
                "eventfleet.health.listener",
                STRING,
                "0.0.0.0:9404",
                ANY,
                "Where probes and metrics are served over HTTP: host:port.");
        operator("broker.rack", STRING, null, ANY, "The failure domain of the broker.");
    }

    private void storage() {
        operator(
                "eventfleet.storage.durability",
                STRING,
                "Synced",
                oneOf("Synced", "Buffered"),
                "Synced: an append is on disk before it is acknowledged; Buffered: it is with the operating system.");
        user(
                "eventfleet.storage.shards",
                INT,
                "0",
                between(0, 64),
                "Storage shards of a data directory, fixed when it is formatted; 0 derives one per two cores.");
        operator(
                "eventfleet.storage.memory.bytes",
                LONG,
                "100663296",
                atLeast(16L << 20),
                "Native memory in bytes for block cache and memtables together.");
        operator(
                "eventfleet.tail.cache.bytes",
                LONG,
                "33554432",
                atLeast(1L << 20),
                "Memory in bytes for the newest record batches.");
        user(
                "eventfleet.deleted.topic.retention.ms",
                LONG,
                "86400000",
                atLeast(0),
                "Milliseconds for which the data of a topic whose resource was deleted can be restored.");
        user(
                "log.retention.check.interval.ms",
                LONG,
                "300000",
                atLeast(1),
                "Milliseconds between two searches for expired records.");
        user(
                "producer.id.expiration.ms",
                LONG,
                "86400000",
                atLeast(1),
                "Milliseconds after which the state of an idle producer is forgotten.");
    }

    private void topicCreation() {
        user("num.partitions", INT, "1", between(1, 10_000), "Partitions of a topic whose creator does not say.");
        user(
                "default.replication.factor",
                INT,
                "1",
                between(1, TopicCreationSettings.MAX_REPLICATION_FACTOR),
                "Replicas of a topic whose creator does not say.");
        user(
                "auto.create.topics.enable",
                BOOLEAN,
                "false",
                ANY,
                "Whether asking for the metadata of an unknown topic creates it; off, because topics are declared.");
        user("delete.topic.enable", BOOLEAN, "true", ANY, "Whether Kafka clients may delete topics.");
    }

    private void topicDefaults() {
        user("log.cleanup.policy", LIST, "delete", Rule.listOf("delete", "compact"), "Default of cleanup.policy.");
        user(
                "log.retention.ms",
                LONG,
                null,
                atLeast(-1),
                "Default of retention.ms; wins over log.retention.minutes and log.retention.hours.");
        user(
                "log.retention.minutes",
                INT,
                null,
                atLeast(-1),
                "Default of retention.ms in minutes; wins over log.retention.hours.");
        user("log.retention.hours", INT, "168", atLeast(-1), "Default of retention.ms in hours.");
        user("log.retention.bytes", LONG, "-1", atLeast(-1), "Default of retention.bytes.");
        user("log.segment.delete.delay.ms", LONG, "60000", atLeast(0), "Default of file.delete.delay.ms.");
        user("message.max.bytes", INT, "1048588", atLeast(0), "Default of max.message.bytes.");
        user(
                "log.message.timestamp.type",
                STRING,
                "CreateTime",
                oneOf("CreateTime", "LogAppendTime"),
                "Default of message.timestamp.type.");
        user(
                "log.message.timestamp.before.max.ms",
                LONG,
                Long.toString(Long.MAX_VALUE),
                atLeast(0),
                "Default of message.timestamp.before.max.ms.");
        user(
                "log.message.timestamp.after.max.ms",
                LONG,
                "3600000",
                atLeast(0),
                "Default of message.timestamp.after.max.ms.");
        user("log.cleaner.delete.retention.ms", LONG, "86400000", atLeast(0), "Default of delete.retention.ms.");
        user("log.cleaner.min.compaction.lag.ms", LONG, "0", atLeast(0), "Default of min.compaction.lag.ms.");
        user(
                "log.cleaner.min.cleanable.ratio",
                SettingType.DOUBLE,
                "0.5",
                between(0, 1),
                "Default of min.cleanable.dirty.ratio.");
        user("min.insync.replicas", INT, "1", atLeast(1), "Default of min.insync.replicas.");
        user(
                "compression.type",
                STRING,
                "producer",
                only("producer"),
                "Record batches are stored as the producer compressed them.");
    }

    private void network() {
        user(
                "socket.request.max.bytes",
                INT,
                "104857600",
                between(1024, 512 << 20),
                "Largest request in bytes; a larger one closes the connection.");
        user(
                "socket.send.buffer.bytes",
                INT,
                "-1",
                atLeast(-1),
                "Socket send buffer in bytes; -1 leaves it to the operating system.");
        user(
                "socket.receive.buffer.bytes",
                INT,
                "-1",
                atLeast(-1),
                "Socket receive buffer in bytes; -1 leaves it to the operating system.");
        user("socket.listen.backlog.size", INT, "128", atLeast(1), "Connections that may wait to be accepted.");
        user("max.connections", INT, "10000", atLeast(1), "Client connections that a broker accepts.");
        user(
                "max.connections.per.ip",
                INT,
                MAX_INT,
                atLeast(0),
                "Client connections that a broker accepts from one address.");
        user(
                "connections.max.idle.ms",
                LONG,
                "600000",
                atLeast(1),
                "Milliseconds after which an idle connection is closed.");
        user(
                "queued.max.request.bytes",
                LONG,
                "67108864",
                atLeast(1L << 20),
                "Bytes of requests in work; while they are reached, no further request is read.");
        user("num.network.threads", INT, "2", between(1, 256), "Event-loop threads for client connections.");
        user("num.io.threads", INT, "4", between(1, 256), "Threads for requests that block.");
        user("fetch.max.bytes", INT, "57671680", atLeast(1024), "Most bytes that one fetch is answered with.");
        user(
                "max.incremental.fetch.session.cache.slots",
                INT,
                "1000",
                atLeast(0),
                "Incremental fetch sessions that are kept.");
    }

    private void coordination() {
        user(
                "eventfleet.controller.lease.duration.ms",
                LONG,
                "15000",
                between(1000, 120_000),
                "Milliseconds that the controller Lease is valid for.");
        user(
                "eventfleet.controller.lease.renew.deadline.ms",
                LONG,
                "10000",
                between(500, 120_000),
                "Milliseconds without a renewal after which the controller resigns.");
        user(
                "eventfleet.controller.lease.retry.ms",
                LONG,
                "2000",
                between(100, 60_000),
                "Milliseconds between two attempts to renew or to acquire.");
        user(
                "eventfleet.broker.lease.duration.ms",
                LONG,
                "15000",
                between(1000, 120_000),
                "Milliseconds that a broker Lease is valid for.");
        user(
                "eventfleet.broker.lease.renew.ms",
                LONG,
                "4000",
                between(100, 60_000),
                "Milliseconds between two renewals of a broker Lease.");
        user(
                "eventfleet.broker.session.timeout.ms",
                LONG,
                "6000",
                between(500, 120_000),
                "Milliseconds without a heartbeat after which the controller suspects a broker.");
        user(
                "eventfleet.broker.heartbeat.ms",
                LONG,
                "1000",
                between(50, 60_000),
                "Milliseconds between two heartbeats of a broker to the controller.");
        user(
                "replica.lag.time.max.ms",
                LONG,
                "10000",
                atLeast(500),
                "Milliseconds after which a replica that lags is out of sync.");
        replication();
        user(
                "eventfleet.shutdown.timeout.ms",
                LONG,
                "20000",
                between(0, 600_000),
                "Milliseconds that a controlled shutdown may take.");
    }

    private void replication() {
        user(
                "replica.fetch.max.bytes",
                INT,
                "1048576",
                atLeast(1024),
                "Bytes of one partition that a follower asks for at once; a larger batch comes whole.");
        user(
                "replica.fetch.response.max.bytes",
                INT,
                "10485760",
                between(1024, 1 << 30),
                "Bytes of all partitions of one leader that a follower asks for at once.");
        user(
                "replica.fetch.wait.max.ms",
                INT,
                "500",
                between(1, 10_000),
                "Milliseconds that a leader lets a follower wait when there is nothing new.");
        user(
                "replica.fetch.backoff.ms",
                INT,
                "1000",
                between(50, 60_000),
                "Longest pause in milliseconds before a follower tries a partition or a connection again.");
        user(
                "replica.socket.timeout.ms",
                INT,
                "30000",
                between(1000, 600_000),
                "Milliseconds without an answer after which a follower gives its connection to a leader up.");
    }

    private void offsets() {
        user(
                "offsets.topic.num.partitions",
                INT,
                "50",
                between(1, 10_000),
                "Partitions of __consumer_offsets; fixed once it exists.");
        user(
                "offsets.topic.replication.factor",
                INT,
                "3",
                between(1, TopicCreationSettings.MAX_REPLICATION_FACTOR),
                "Replicas of __consumer_offsets; as many as there are brokers while these are fewer.");
        user(
                "offsets.retention.minutes",
                INT,
                "10080",
                atLeast(1),
                "Minutes for which the offsets of an empty group are kept.");
        user(
                "offsets.retention.check.interval.ms",
                LONG,
                "600000",
                atLeast(1),
                "Milliseconds between two searches for expired offsets.");
        user("offsets.load.buffer.size", INT, "5242880", atLeast(1), "Bytes read at a time when a coordinator loads.");
        user(
                "offsets.commit.timeout.ms",
                INT,
                "5000",
                atLeast(1),
                "Milliseconds that an offset commit may wait for its replicas.");
        user("offset.metadata.max.bytes", INT, "4096", atLeast(0), "Most bytes of metadata beside a committed offset.");
    }

    private void classicGroups() {
        user("group.coordinator.threads", INT, "1", between(1, 64), "Threads that run group state machines.");
        user(
                "group.coordinator.append.linger.ms",
                INT,
                "-1",
                atLeast(-1),
                "Milliseconds that a coordinator waits to batch its records; -1 adapts.");
        user(
                "group.coordinator.rebalance.protocols",
                LIST,
                "classic,consumer",
                Rule.listOf("classic", "consumer", "share", "streams"),
                "Group protocols that are offered.");
        user(
                "group.min.session.timeout.ms",
                INT,
                "6000",
                atLeast(1),
                "Least session timeout in milliseconds that a classic member may ask for.");
        user(
                "group.max.session.timeout.ms",
                INT,
                "1800000",
                atLeast(1),
                "Most session timeout in milliseconds that a classic member may ask for.");
        user(
                "group.initial.rebalance.delay.ms",
                INT,
                "3000",
                atLeast(0),
                "Milliseconds that an empty classic group waits for more members.");
        user("group.max.size", INT, MAX_INT, atLeast(1), "Most members of a classic group.");
    }

    private void consumerGroups() {
        protocolTimes("group.consumer", "consumer");
        user("group.consumer.max.size", INT, MAX_INT, atLeast(1), "Most members of a consumer-protocol group.");
        user(
                "group.consumer.migration.policy",
                STRING,
                "bidirectional",
                oneOf("bidirectional", "upgrade", "downgrade", "disabled"),
                "Which way groups may move between the classic and the consumer protocol.");
    }

    private void shareGroups() {
        protocolTimes("group.share", "share");
        user("group.share.max.size", INT, "200", between(1, 1000), "Most members of a share group.");
    }

    private void streamsGroups() {
        protocolTimes("group.streams", "streams");
        user("group.streams.max.size", INT, MAX_INT, atLeast(1), "Most members of a streams group.");
        user("group.streams.num.standby.replicas", INT, "0", atLeast(0), "Standby tasks per task of a streams group.");
    }

    private void protocolTimes(String prefix, String protocol) {
        var of = " in milliseconds of members of the " + protocol + " protocol.";
        user(prefix + ".session.timeout.ms", INT, "45000", atLeast(1), "Session timeout" + of);
        user(prefix + ".min.session.timeout.ms", INT, "45000", atLeast(1), "Least session timeout" + of);
        user(prefix + ".max.session.timeout.ms", INT, "60000", atLeast(1), "Most session timeout" + of);
        user(prefix + ".heartbeat.interval.ms", INT, "5000", atLeast(1), "Heartbeat interval" + of);
        user(prefix + ".min.heartbeat.interval.ms", INT, "5000", atLeast(1), "Least heartbeat interval" + of);
        user(prefix + ".max.heartbeat.interval.ms", INT, "15000", atLeast(1), "Most heartbeat interval" + of);
    }

    private void user(String key, SettingType type, @Nullable String defaultValue, Rule rule, String documentation) {
        entries.add(new BrokerSetting(new Setting(key, type, defaultValue, rule, documentation), SetBy.USER));
    }

    private void operator(
            String key, SettingType type, @Nullable String defaultValue, Rule rule, String documentation) {
        entries.add(new BrokerSetting(new Setting(key, type, defaultValue, rule, documentation), SetBy.OPERATOR));
    }
}
