// SPDX-License-Identifier: Apache-2.0
/**
 * Which records count as committed: decisions about in-sync replicas and the high watermark. It must not know how
 * replicas talk to each other or where logs are stored.
 */
package io.eventfleet.core.replication;
