// SPDX-License-Identifier: Apache-2.0
/**
 * Leases, metadata objects and Topic resources of one cluster, read and written through the Kubernetes API with exactly
 * the outcomes that the coordination rules speak of. It must not know why anything is written, nor who leads.
 */
package io.eventfleet.kubernetes;
