// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import static io.eventfleet.storage.TestStore.await;
import static io.eventfleet.storage.TestStore.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Opens copies of the files of a running store, as they are or damaged the way that disks damage them. */
class RecoveryIT {

    @TempDir
    Path directory;

    /** Copies the directory while the store is idle and open: what a crash would leave. */
    private Path crashImage(String name) throws IOException {
        Path image = directory.resolve(name);
        Path from = directory.resolve("live");
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Path to = image.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        return image;
    }

    private static Path newestWal(Path image) throws IOException {
        try (var files = Files.list(image.resolve("shard-0"))) {
            return files.filter(f -> f.toString().endsWith(".log"))
                    .filter(f -> f.toFile().length() > 0)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private TestStore filled() {
        var store = TestStore.in(directory.resolve("live"));
        var log = store.lead(id(1, 0), 0);
        for (int i = 0; i < 40; i++) {
            store.append(log, 0, Batches.records(1, 1000)).appended();
        }
        // The mark is written right after the sync and before its acknowledgement.
        await(store.store().meta().putSync(Map.of("last", new byte[] {1})));
        return store;
    }

    @Test
    void opensWhatACrashLeaves() throws Exception {
        try (var _ = filled();
                var recovered = TestStore.in(crashImage("image"))) {
            assertThat(TestStore.offsets(recovered.open(id(1, 0)), 0, 1 << 20)).hasSize(40);
            assertThat(recovered.store().meta().get("last")).isPresent();
        }
    }

    @Test
    void syncsEveryShardWhenAskedAlthoughRecordsAreBuffered() {
        var buffered = TestStore.options().durability(Durability.BUFFERED).shards(3);
        try (var store = TestStore.in(directory.resolve("live"), buffered)) {
            for (int partition = 0; partition < 12; partition++) {
                store.append(store.lead(id(1, partition), 0), 0, Batches.records(1, 100))
                        .appended();
            }
            long before = store.store().stats().syncs().count();
            await(store.store().sync());
            assertThat(store.store().stats().syncs().count()).isGreaterThanOrEqualTo(before + 3);
        }
    }

    @Test
    void noticesThatASyncedTailIsMissing() throws Exception {
        try (var _ = filled()) {
            Path image = crashImage("image");
            try (var wal = new RandomAccessFile(newestWal(image).toFile(), "rw")) {
                wal.seek(20_000);
                wal.write(new byte[100_000]);
            }
            assertThatThrownBy(() -> TestStore.in(image))
                    .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.reason())
                            .isEqualTo(StorageException.Reason.LOST_TAIL))
                    .hasMessageContaining("the disk lost acknowledged records");
            assertThatThrownBy(() -> TestStore.in(image))
                    .as("and again: nothing was papered over")
                    .isInstanceOf(StorageException.class);
        }
    }

    @Test
    void takesATornUnsyncedWriteForTheEnd() throws Exception {
        try (var _ = filled()) {
            Path image = crashImage("image");
            long mark;
            try (var file = new RandomAccessFile(image.resolve("shard-0/synced").toFile(), "rw")) {
                mark = file.readLong();
                file.setLength(0);
            }
            try (var wal = new RandomAccessFile(newestWal(image).toFile(), "rw")) {
                wal.seek(20_000);
                wal.write(new byte[100_000]);
            }
            assertThat(mark).isGreaterThan(40);
            try (var recovered = TestStore.in(image)) {
                var log = recovered.lead(id(1, 0), 1);
                int kept = TestStore.offsets(log, 0, 1 << 20).size();
                assertThat(kept).isBetween(5, 39).isEqualTo((int) log.logEndOffset());
                recovered.append(log, 1, Batches.records(1, 1)).appended();
                assertThat(TestStore.offsets(log, 0, 1 << 20)).hasSize(kept + 1);
            }
        }
    }

    @Test
    void formatsADirectoryAgainWhoseFormattingWasCutShort() throws Exception {
        Path half = directory.resolve("half");
        Files.createDirectories(half.resolve("shard-1"));
        Files.writeString(half.resolve("shard-1/CURRENT"), "MANIFEST-000001\n");
        Files.writeString(half.resolve("lock"), "");
        try (var store = TestStore.in(half, TestStore.options().shards(2))) {
            store.append(store.lead(id(1, 0), 0), 0, Batches.records(1, 1)).appended();
            assertThat(store.store().stored()).hasSize(1);
        }
    }

    @Test
    void touchesNothingWhenTheFirstShardIsMissingAndOthersHoldData() throws Exception {
        Path live = directory.resolve("live");
        var options = TestStore.options().shards(2);
        try (var store = TestStore.in(live, options)) {
            for (int partition = 0; partition < 8; partition++) {
                store.append(store.lead(id(1, partition), 0), 0, Batches.records(1, 100))
                        .appended();
            }
        }
        Path first = live.resolve("shard-0");
        Files.move(first.resolve("CURRENT"), directory.resolve("CURRENT"));
        assertMissingShard(live);
        Files.move(first, directory.resolve("elsewhere"));
        assertMissingShard(live);

        Files.move(directory.resolve("elsewhere"), first);
        Files.move(directory.resolve("CURRENT"), first.resolve("CURRENT"));
        try (var store = TestStore.in(live, options)) {
            for (int partition = 0; partition < 8; partition++) {
                assertThat(TestStore.offsets(store.open(id(1, partition)), 0, 1000))
                        .containsExactly(0L);
            }
        }
    }

    private static void assertMissingShard(Path image) {
        assertThatThrownBy(() -> TestStore.in(image, TestStore.options().shards(2)))
                .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.reason())
                        .isEqualTo(StorageException.Reason.MISSING_SHARD))
                .hasMessageContaining("hold synced data");
    }

    @Test
    void noticesThatAWindowWithLiveRecordsIsMissing() throws Exception {
        Path live = directory.resolve("live");
        filled().close();
        inRocks(live.resolve("shard-0"), (db, families) -> {
            for (var family : families) {
                if (new String(family.getName(), StandardCharsets.UTF_8).matches("w\\d+")) {
                    db.dropColumnFamily(family);
                }
            }
        });
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> TestStore.in(live))
                    .isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.reason())
                            .isEqualTo(StorageException.Reason.LOST_TAIL))
                    .hasMessageContaining("still live in it");
        }
    }

    @Test
    void stopsTheProcessWhenATableCannotBeRead() throws Exception {
        Path live = directory.resolve("live");
        try (var store = filled()) {
            store.reopen(); // replay ends with a flush: now the rows are in table files
        }
        var damaged = new ArrayList<String>();
        inRocks(live.resolve("shard-0"), (db, families) -> db.getLiveFilesMetaData().stream()
                .filter(f -> Arrays.equals(f.columnFamilyName(), Table.EPOCH_STARTS.family()))
                .forEach(f -> damaged.add(f.path() + f.fileName())));
        assertThat(damaged).isNotEmpty();
        for (var name : damaged) {
            try (var file = new RandomAccessFile(name, "rw")) {
                file.write("not what was written".getBytes(StandardCharsets.UTF_8));
            }
        }
        try (var store = TestStore.in(live)) {
            var log = store.open(id(1, 0));
            assertThatThrownBy(() -> log.endOffsetForEpoch(0)).isInstanceOf(StorageException.class);
            assertThat(store.faults()).hasSize(1);
            assertThatThrownBy(() -> TestStore.read(log, 0, 1)).isInstanceOf(StorageException.class);
        }
    }

    private interface RocksWork {
        void on(RocksDB db, List<ColumnFamilyHandle> families) throws RocksDBException;
    }

    /** Works on a closed shard behind the store's back. */
    private static void inRocks(Path shard, RocksWork work) throws RocksDBException {
        var families = new ArrayList<ColumnFamilyHandle>();
        try (var options = new DBOptions();
                var listing = new Options()) {
            var descriptors = RocksDB.listColumnFamilies(listing, shard.toString()).stream()
                    .map(ColumnFamilyDescriptor::new)
                    .toList();
            try (var db = RocksDB.open(options, shard.toString(), descriptors, families)) {
                try {
                    work.on(db, families);
                } finally {
                    families.forEach(ColumnFamilyHandle::close);
                }
            }
        }
    }

    @Test
    void stopsTheProcessWhenARecordCannotBeReadBack() throws Exception {
        Path live = directory.resolve("live");
        try (var store = filled()) {
            store.reopen(); // replay ends with a flush: now the records are in a table file
            assertThat(store.faults()).isEmpty();
        }
        try (var files = Files.list(live.resolve("shard-0"))) {
            var tables = files.filter(f -> f.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(f -> f.toFile().length()))
                    .orElseThrow();
            try (var file = new RandomAccessFile(tables.toFile(), "rw")) {
                file.seek(10_000);
                file.write("not what was written".getBytes(StandardCharsets.UTF_8));
            }
        }
        try (var store = TestStore.in(live)) {
            var log = store.lead(id(1, 0), 1);
            assertThatThrownBy(() -> TestStore.offsets(log, 0, 1 << 20)).isInstanceOf(StorageException.class);
            assertThat(store.faults()).hasSize(1);
            assertThatThrownBy(() -> TestStore.read(log, 0, 1)).isInstanceOf(StorageException.class);
            assertThat(store.append(log, 1, Batches.records(1, 1)).error())
                    .isEqualTo(io.eventfleet.core.KafkaError.KAFKA_STORAGE_ERROR);
        }
    }
}
