// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import static io.eventfleet.config.Rule.ANY;
import static io.eventfleet.config.Rule.atLeast;
import static io.eventfleet.config.Rule.between;
import static io.eventfleet.config.Rule.listOf;
import static io.eventfleet.config.Rule.oneOf;
import static io.eventfleet.config.Rule.only;
import static io.eventfleet.config.SettingType.BOOLEAN;
import static io.eventfleet.config.SettingType.DOUBLE;
import static io.eventfleet.config.SettingType.INT;
import static io.eventfleet.config.SettingType.LIST;
import static io.eventfleet.config.SettingType.LONG;
import static io.eventfleet.config.SettingType.STRING;
import static io.eventfleet.config.TopicSetting.Support.FIXED;
import static io.eventfleet.config.TopicSetting.Support.HONOURED;
import static io.eventfleet.config.TopicSetting.Support.WITHOUT_EFFECT;

import io.eventfleet.config.TopicSetting.BrokerSynonym;
import java.util.ArrayList;
import java.util.List;

/** The table of every topic configuration key of Kafka 4.4, with what becomes of it here. */
final class TopicSettingCatalogue {
    private static final String UNBOUNDED = Long.toString(Long.MAX_VALUE);
    private static final long MS_PER_MINUTE = 60_000;
    private static final long MS_PER_HOUR = 3_600_000;

    private final List<TopicSetting> entries = new ArrayList<>();

    private TopicSettingCatalogue() {}

    static List<TopicSetting> all() {
        var catalogue = new TopicSettingCatalogue();
        catalogue.retention();
        catalogue.records();
        catalogue.compaction();
        catalogue.replication();
        catalogue.fileLayout();
        catalogue.recompression();
        catalogue.notOffered();
        return List.copyOf(catalogue.entries);
    }

    private void retention() {
        add(
                HONOURED,
                new Setting(
                        "cleanup.policy",
                        LIST,
                        "delete",
                        listOf("delete", "compact"),
                        "delete: records beyond retention.ms or retention.bytes are removed; compact: the newest record of each key is kept; both may be given."),
                new BrokerSynonym("log.cleanup.policy", 1));
        add(
                HONOURED,
                new Setting(
                        "retention.ms",
                        LONG,
                        "604800000",
                        atLeast(-1),
                        "Milliseconds after which a record may be removed when cleanup.policy has delete; -1 keeps records for ever."),
                new BrokerSynonym("log.retention.ms", 1),
                new BrokerSynonym("log.retention.minutes", MS_PER_MINUTE),
                new BrokerSynonym("log.retention.hours", MS_PER_HOUR));
        add(
                HONOURED,
                new Setting(
                        "retention.bytes",
                        LONG,
                        "-1",
                        atLeast(-1),
                        "Bytes that a partition may hold before its oldest records are removed when cleanup.policy has delete; -1 sets no bound."),
                new BrokerSynonym("log.retention.bytes", 1));
        add(
                HONOURED,
                new Setting(
                        "file.delete.delay.ms",
                        LONG,
                        "60000",
                        atLeast(0),
                        "Milliseconds for which the data of a topic that a Kafka admin client deletes is kept before it is purged."),
                new BrokerSynonym("log.segment.delete.delay.ms", 1));
    }

    private void records() {
        add(
                HONOURED,
                new Setting(
                        "max.message.bytes",
                        INT,
                        "1048588",
                        atLeast(0),
                        "Largest record batch in bytes, as compressed by the producer."),
                new BrokerSynonym("message.max.bytes", 1));
        add(
                HONOURED,
                new Setting(
                        "message.timestamp.type",
                        STRING,
                        "CreateTime",
                        oneOf("CreateTime", "LogAppendTime"),
                        "Whether a record carries the time of its creation or the time of its append."),
                new BrokerSynonym("log.message.timestamp.type", 1));
        add(
                HONOURED,
                new Setting(
                        "message.timestamp.before.max.ms",
                        LONG,
                        UNBOUNDED,
                        atLeast(0),
                        "Milliseconds by which a record's timestamp may lie before the broker's clock; ignored for LogAppendTime."),
                new BrokerSynonym("log.message.timestamp.before.max.ms", 1));
        add(
                HONOURED,
                new Setting(
                        "message.timestamp.after.max.ms",
                        LONG,
                        "3600000",
                        atLeast(0),
                        "Milliseconds by which a record's timestamp may lie after the broker's clock; ignored for LogAppendTime."),
                new BrokerSynonym("log.message.timestamp.after.max.ms", 1));
        add(
                FIXED,
                new Setting(
                        "compression.type",
                        STRING,
                        "producer",
                        only("producer"),
                        "Record batches are stored as the producer compressed them; brokers do not compress again."),
                new BrokerSynonym("compression.type", 1));
        add(
                FIXED,
                new Setting(
                        "max.decompressed.message.bytes",
                        INT,
                        "2147483639",
                        only("2147483639"),
                        "Brokers do not decompress records, so that no bound on their decompressed size can be kept."));
    }

    private void compaction() {
        add(
                HONOURED,
                new Setting(
                        "delete.retention.ms",
                        LONG,
                        "86400000",
                        atLeast(0),
                        "Milliseconds for which a tombstone of a compacted topic is kept at least."),
                new BrokerSynonym("log.cleaner.delete.retention.ms", 1));
        add(
                HONOURED,
                new Setting(
                        "min.compaction.lag.ms",
                        LONG,
                        "0",
                        atLeast(0),
                        "Milliseconds for which a record of a compacted topic is kept at least."),
                new BrokerSynonym("log.cleaner.min.compaction.lag.ms", 1));
        add(
                HONOURED,
                new Setting(
                        "min.cleanable.dirty.ratio",
                        DOUBLE,
                        "0.5",
                        between(0, 1),
                        "Share of a compacted partition that has to be uncompacted before it is compacted again."),
                new BrokerSynonym("log.cleaner.min.cleanable.ratio", 1));
        add(
                FIXED,
                new Setting(
                        "max.compaction.lag.ms",
                        LONG,
                        UNBOUNDED,
                        only(UNBOUNDED),
                        "No upper bound is kept on the time until a record is compacted."));
    }

    private void replication() {
        add(
                HONOURED,
                new Setting(
                        "min.insync.replicas",
                        INT,
                        "1",
                        atLeast(1),
                        "Replicas that must hold a record before acks=all is answered; never more than the replicas that the partition has."),
                new BrokerSynonym("min.insync.replicas", 1));
        add(
                FIXED,
                new Setting(
                        "unclean.leader.election.enable",
                        BOOLEAN,
                        "false",
                        only("false"),
                        "A replica that may lack acknowledged records is never made leader."));
        add(
                FIXED,
                new Setting(
                        "leader.replication.throttled.replicas",
                        LIST,
                        "",
                        only(""),
                        "Replication is not throttled per replica."));
        add(
                FIXED,
                new Setting(
                        "follower.replication.throttled.replicas",
                        LIST,
                        "",
                        only(""),
                        "Replication is not throttled per replica."));
    }

    private void fileLayout() {
        var why = " There are no segment files, so that it has no effect.";
        add(
                WITHOUT_EFFECT,
                new Setting("segment.bytes", INT, "1073741824", atLeast(1), "Size of a segment file." + why));
        add(WITHOUT_EFFECT, new Setting("segment.ms", LONG, "604800000", atLeast(1), "Age of a segment file." + why));
        add(WITHOUT_EFFECT, new Setting("segment.jitter.ms", LONG, "0", atLeast(0), "Spread of segment ages." + why));
        add(
                WITHOUT_EFFECT,
                new Setting("segment.index.bytes", INT, "10485760", atLeast(4), "Size of an index file." + why));
        add(
                WITHOUT_EFFECT,
                new Setting("index.interval.bytes", INT, "4096", atLeast(0), "Distance of index entries." + why));
        add(WITHOUT_EFFECT, new Setting("preallocate", BOOLEAN, "false", ANY, "Preallocation of segment files." + why));
        var flush = "Acknowledged records are made durable as the cluster's storage durability says, not per topic.";
        add(FIXED, new Setting("flush.messages", LONG, UNBOUNDED, only(UNBOUNDED), flush));
        add(FIXED, new Setting("flush.ms", LONG, UNBOUNDED, only(UNBOUNDED), flush));
    }

    private void recompression() {
        var why = " Brokers do not compress, so that it has no effect.";
        add(WITHOUT_EFFECT, new Setting("compression.gzip.level", INT, "-1", between(-1, 9), "Level of gzip." + why));
        add(WITHOUT_EFFECT, new Setting("compression.lz4.level", INT, "9", between(1, 17), "Level of lz4." + why));
        add(
                WITHOUT_EFFECT,
                new Setting("compression.zstd.level", INT, "3", between(-131072, 22), "Level of zstd." + why));
        add(
                WITHOUT_EFFECT,
                new Setting(
                        "message.downconversion.enable",
                        BOOLEAN,
                        "true",
                        ANY,
                        "Record formats before version 2 do not exist any more; no effect."));
    }

    private void notOffered() {
        var tiered = "Tiered storage is not offered.";
        add(FIXED, new Setting("remote.storage.enable", BOOLEAN, "false", only("false"), tiered));
        add(FIXED, new Setting("remote.log.copy.disable", BOOLEAN, "false", only("false"), tiered));
        add(FIXED, new Setting("remote.log.delete.on.disable", BOOLEAN, "false", only("false"), tiered));
        add(FIXED, new Setting("remote.copy.lag.ms", LONG, "0", only("0"), tiered));
        add(FIXED, new Setting("remote.copy.lag.bytes", LONG, "0", only("0"), tiered));
        add(FIXED, new Setting("local.retention.ms", LONG, "-2", only("-2"), tiered));
        add(FIXED, new Setting("local.retention.bytes", LONG, "-2", only("-2"), tiered));
        add(
                FIXED,
                new Setting(
                        "errors.deadletterqueue.group.enable",
                        BOOLEAN,
                        "false",
                        only("false"),
                        "Dead-letter queues of share groups are not offered."));
    }

    private void add(TopicSetting.Support support, Setting setting, BrokerSynonym... synonyms) {
        entries.add(new TopicSetting(setting, List.of(synonyms), support));
    }
}
