// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.operator.cluster.model;

/**
 * How the memory of a broker container is divided.
 *
 * @param heapBytes Java heap
 * @param directBytes direct buffers, the tail cache among them
 * @param storageBytes RocksDB's block cache and memtables
 * @param tailCacheBytes the newest record batches
 */
public record BrokerMemory(long heapBytes, long directBytes, long storageBytes, long tailCacheBytes) {
    /** Least memory limit of a broker container. */
    public static final long MIN_LIMIT_BYTES = 192L << 20;

    /** What a container without a limit is sized for. */
    public static final long DEFAULT_LIMIT_BYTES = 512L << 20;

    /** Code, metaspace, thread stacks and allocator slack, which do not grow with the limit. */
    private static final long FIXED_BYTES = 80L << 20;

    private static final long MAX_HEAP_BYTES = 4L << 30;
    private static final long MIB = 1L << 20;

    /** Divides a limit: of what is not fixed, 45 % heap, 30 % direct buffers (half of them tail cache), the rest storage. */
    public static BrokerMemory ofLimit(long limitBytes) {
        var free = Math.max(limitBytes, MIN_LIMIT_BYTES) - FIXED_BYTES;
        var heap = Math.min(free * 45 / 100, MAX_HEAP_BYTES);
        var direct = (free - heap) * 55 / 100;
        return new BrokerMemory(wholeMiB(heap), wholeMiB(direct), wholeMiB(free - heap - direct), wholeMiB(direct / 2));
    }

    /** Options of the Java virtual machine. */
    public String jvmOptions() {
        return "-Xmx" + heapBytes / MIB + "m -XX:MaxDirectMemorySize=" + directBytes / MIB + "m"
                + " -XX:+ExitOnOutOfMemoryError --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";
    }

    private static long wholeMiB(long bytes) {
        return bytes / MIB * MIB;
    }
}
