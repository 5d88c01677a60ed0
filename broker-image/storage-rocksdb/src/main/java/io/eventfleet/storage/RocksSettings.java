// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.storage;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.IndexType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.WALRecoveryMode;

/** How RocksDB is configured, and why (measurements: docs/storage.md). */
final class RocksSettings {

    private static final long MIB = 1L << 20;
    private static final long MAX_WAL_BYTES = 128 * MIB;
    private static final int RECYCLED_WAL_FILES = 6;
    private static final int MAX_OPEN_FILES = 1024;
    private static final long TABLE_MEMTABLE_BYTES = 4 * MIB;
    private static final int MAX_MEMTABLES = 4;
    private static final int WINDOW_BLOCK_BYTES = 32 * 1024;
    private static final int TABLE_BLOCK_BYTES = 4 * 1024;
    private static final int MAX_WINDOW_FILES = 32;
    private static final int NEVER = 1 << 20;
    private static final int MAX_RANGE_DELETIONS = 1000;

    private RocksSettings() {}

    /** Options of a shard's database. The caller owns them. */
    static DBOptions database(RocksMemory memory, boolean directIo) {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setMaxBackgroundJobs(2)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setSkipStatsUpdateOnDbOpen(true)
                .setUseDirectIoForFlushAndCompaction(directIo)
                .setRecycleLogFileNum(RECYCLED_WAL_FILES)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // Recovery ends with a flush of what it replayed: table files are synced, so nothing replayed is
                // reported before it is durable, and the replayed files are done with.
                .setAvoidFlushDuringRecovery(false)
                .setMaxTotalWalSize(MAX_WAL_BYTES)
                .setWalBytesPerSync(MIB)
                .setBytesPerSync(MIB)
                .setAllowConcurrentMemtableWrite(false)
                .setEnableWriteThreadAdaptiveYield(false)
                .setWriteBufferManager(memory.writeBuffers())
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2);
    }

    /** Options of a window: written once, in order, dropped whole. The caller owns them. */
    static ColumnFamilyOptions window(RocksMemory memory) {
        return new ColumnFamilyOptions()
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(memory.memtableBytes())
                .setMaxWriteBufferNumber(MAX_MEMTABLES)
                // A window that fills fast is flushed a few times and never rewritten. One that fills slowly gets a
                // small file with each turn of the shared write-ahead log: merging those keeps its first read cheap.
                .setCompactionStyle(CompactionStyle.UNIVERSAL)
                .setLevel0FileNumCompactionTrigger(MAX_WINDOW_FILES)
                .setLevel0SlowdownWritesTrigger(NEVER)
                .setLevel0StopWritesTrigger(2 * NEVER)
                // Truncations are range deletes here; reads pay for those in a memtable.
                .setMemtableMaxRangeDeletions(MAX_RANGE_DELETIONS)
                .setTableFormatConfig(table(memory, WINDOW_BLOCK_BYTES)
                        .setIndexType(IndexType.kTwoLevelIndexSearch)
                        .setPinTopLevelIndexAndFilter(true));
    }

    /** Options of the small tables. The caller owns them. */
    static ColumnFamilyOptions table(RocksMemory memory) {
        return new ColumnFamilyOptions()
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(Math.min(TABLE_MEMTABLE_BYTES, memory.memtableBytes()))
                .setMaxWriteBufferNumber(MAX_MEMTABLES)
                .setMemtableMaxRangeDeletions(MAX_RANGE_DELETIONS)
                .setTableFormatConfig(table(memory, TABLE_BLOCK_BYTES));
    }

    private static BlockBasedTableConfig table(RocksMemory memory, int blockBytes) {
        return new BlockBasedTableConfig()
                .setBlockCache(memory.cache())
                .setFormatVersion(6)
                .setBlockSize(blockBytes)
                .setCacheIndexAndFilterBlocks(true);
    }
}
