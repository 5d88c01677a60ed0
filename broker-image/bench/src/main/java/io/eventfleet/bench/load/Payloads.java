// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.bench.load;

import java.util.Random;

/** Record values to send: a fixed set of random ones, made before the clock runs, the same in every run. */
final class Payloads {
    private static final int COUNT = 256;
    private static final long SEED = 20_260_101;

    private final byte[][] values = new byte[COUNT][];

    Payloads(int bytes) {
        Random random = new Random(SEED);
        for (int i = 0; i < COUNT; i++) {
            values[i] = new byte[bytes];
            random.nextBytes(values[i]);
        }
    }

    byte[] at(long index) {
        return values[(int) (index % COUNT)];
    }
}
