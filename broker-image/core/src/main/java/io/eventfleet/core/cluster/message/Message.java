// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.message;

import io.eventfleet.core.admin.ReplicaAdmin.Election;
import io.eventfleet.core.cluster.VersionVector;
import io.eventfleet.core.cluster.image.Endpoint;
import io.eventfleet.core.cluster.store.RegistryDoc;
import io.eventfleet.core.cluster.store.ShardDoc;
import io.eventfleet.core.log.TopicPartitionId;
import io.eventfleet.core.replication.IsrProposal;
import io.eventfleet.core.replication.IsrRefusal;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Everything that is said between brokers and the controller. */
public sealed interface Message {

    /** Broker to controller; repeated until answered. Idempotent per incarnation. */
    sealed interface ToController extends Message {}

    /** Controller to broker. Ignored if the sender's controller epoch is below one already heard. */
    sealed interface ToBroker extends Message {}

    /** Asks nothing; a refused connection under it is the answer. */
    record Ping() implements ToBroker {}

    /**
     * Asks for a broker epoch.
     *
     * @param podUid uid of the pod
     * @param proof what the disk says
     * @param internal address for brokers
     * @param listeners advertised address by listener name
     * @param rack failure domain, if known
     * @param instead epoch that this live process wants to exchange for a new one (asked by {@link RegisterAgain}), or -1
     */
    record RegisterRequest(
            String podUid,
            DiskProof proof,
            Endpoint internal,
            SortedMap<String, Endpoint> listeners,
            @Nullable String rack,
            long instead)
            implements ToController {

        public RegisterRequest {
            listeners = Collections.unmodifiableSortedMap(new TreeMap<>(listeners));
        }
    }

    /** How a registration ended. */
    enum Registration {
        ACCEPTED,
        /** The disk belongs to another cluster: this process must not run. */
        WRONG_CLUSTER,
        /** The disk belongs to another broker: this process must not run. */
        WRONG_BROKER,
        /** The broker's Lease is not held by this process; ask again when it is. */
        NOT_LEASE_HOLDER,
        /** The store is older than what brokers have seen; ask again later. */
        SAFE_MODE
    }

    /**
     * @param registration outcome
     * @param clusterId id of the cluster; empty in an answer given before the root was read
     * @param brokerEpoch the epoch given, or -1
     * @param verdict what the disk was found to be, or null when this answer repeats an earlier one
     * @param required metadata to be installed before asking to be unfenced
     */
    record RegisterReply(
            Registration registration,
            String clusterId,
            long brokerEpoch,
            @Nullable Verdict verdict,
            VersionVector required)
            implements ToBroker {}

    /** The broker's stamp in a shard is ahead of its registry entry: it is to register again, in place. */
    record RegisterAgain(long brokerEpoch) implements ToBroker {}

    /**
     * Every second, from registration on.
     *
     * @param brokerEpoch the sender's epoch
     * @param installed metadata that is durable and in use
     * @param peers brokers from or to which the sender replicates, and of which it has heard something
     * @param silentPeers those of them that have been silent to it for as long as makes a session silent
     */
    record Heartbeat(
            long brokerEpoch, VersionVector installed, SortedSet<Integer> peers, SortedSet<Integer> silentPeers)
            implements ToController {

        public Heartbeat {
            peers = Collections.unmodifiableSortedSet(new TreeSet<>(peers));
            silentPeers = Collections.unmodifiableSortedSet(new TreeSet<>(silentPeers));
        }
    }

    /**
     * @param readOnly the controller cannot write to the store at the moment
     * @param safeMode why it will not, or null
     */
    record HeartbeatAck(boolean readOnly, @Nullable String safeMode) implements ToBroker {}

    /**
     * New versions of metadata; only what the receiver lacks.
     *
     * @param clusterId id of the cluster
     * @param storeGeneration see {@link VersionVector}
     * @param controllerId broker id of the controller
     * @param registry the registry, or null if the receiver has this version
     * @param shards changed shards by name
     */
    record MetadataPush(
            String clusterId,
            long storeGeneration,
            int controllerId,
            @Nullable RegistryDoc registry,
            SortedMap<String, ShardDoc> shards)
            implements ToBroker {

        public MetadataPush {
            shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
        }
    }

    /** What is installed now; answers a push at once. */
    record MetadataAck(long brokerEpoch, VersionVector installed) implements ToController {}

    /** A push was older than what is persisted: a late message, or a store that went back in time. */
    record MetadataNack(long brokerEpoch, VersionVector persisted) implements ToController {}

    /** The new epoch is durable and the required metadata installed. The pushed registry is the answer. */
    record UnfenceRequest(long brokerEpoch, VersionVector installed) implements ToController {}

    /** All data of a PURGING topic is gone from the sender's disk. */
    record PurgeConfirm(long brokerEpoch, UUID topicId) implements ToController {}

    /** Asks for its leaderships to be moved before it stops. */
    record ShutdownRequest(long brokerEpoch) implements ToController {}

    /** @param movableLeaders partitions that it still leads although somebody else could */
    record ShutdownReply(long brokerEpoch, int movableLeaders) implements ToBroker {}

    /** The clean marker is durable; the sender serves nothing any more. */
    record StoppedNotice(long brokerEpoch) implements ToController {}

    /** Asks for a block of producer ids; a repeated request may get another block. */
    record ProducerIdsRequest(long requestId) implements ToController {}

    /** Ids from {@code first} to {@code first + count - 1}, given to nobody else ever. */
    record ProducerIdsReply(long requestId, long first, int count) implements ToBroker {}

    /** Asks for an internal topic to be created unless it exists. */
    record InternalTopicRequest(String topicName) implements ToController {}

    /** Another process has registered under the receiver's id with this epoch: the receiver must stop. */
    record Superseded(long brokerEpoch) implements ToBroker {}

    /**
     * What a leader asks for, as its process numbers it.
     *
     * @param number grows with every proposal of the process
     * @param proposal the change wanted
     */
    record NumberedProposal(long number, IsrProposal proposal) {}

    /**
     * Other in-sync replicas for partitions that the sender leads (AlterPartition, KIP-497). What is granted shows in the
     * metadata; a proposal is repeated until then, or until it is refused.
     */
    record AlterPartitions(long brokerEpoch, List<NumberedProposal> proposals) implements ToController {

        public AlterPartitions {
            proposals = List.copyOf(proposals);
        }
    }

    /** Proposals that were not granted, by number. Said only when it is certain that none can still be granted. */
    record AlterPartitionsReply(SortedMap<Long, IsrRefusal> refused) implements ToBroker {

        public AlterPartitionsReply {
            refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
        }
    }

    /** Begins, replaces or cancels reassignments for an administrator. Idempotent per request. */
    record ReassignRequest(long requestId, List<ReplicaTarget> targets) implements ToController {

        public ReassignRequest {
            targets = List.copyOf(targets);
        }
    }

    /** Elects leaders for an administrator. Idempotent per request. */
    record ElectRequest(long requestId, Election election, List<TopicPartitionId> partitions) implements ToController {

        public ElectRequest {
            partitions = List.copyOf(partitions);
        }
    }

    /** Every partition of a {@link ReassignRequest} or {@link ElectRequest} has an outcome. */
    record ReplicaChangeReply(long requestId, List<PartitionOutcome> outcomes) implements ToBroker {

        public ReplicaChangeReply {
            outcomes = List.copyOf(outcomes);
        }
    }

    /**
     * The data of a former replica is gone from the sender's disk.
     *
     * @param droppedIn partition epoch by which the line named it as dropped
     */
    record ReplicaDropped(long brokerEpoch, TopicPartitionId id, int droppedIn) implements ToController {}
}
