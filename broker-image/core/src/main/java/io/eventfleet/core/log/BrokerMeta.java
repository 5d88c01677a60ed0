// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.log;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Small durable key-value facts of a broker, beside its logs. Thread-safe. */
public interface BrokerMeta {

    /**
     * Key of the data directory's own id, the text of a UUID in UTF-8. It is made when the directory is formatted and can
     * be read only.
     */
    String DIRECTORY_ID = "storage.dir.id";

    /** The value last written durably. */
    Optional<byte[]> get(String key);

    /**
     * Writes and removes several keys in one synced batch, whatever the durability mode of records is.
     *
     * @param changes new values; an empty array removes the key
     */
    CompletionStage<Void> putSync(Map<String, byte[]> changes);
}
