// SPDX-License-Identifier: Apache-2.0
/**
 * Administrators' requests carried out: a Topic resource is written, and the answer waits for the cluster image. It must
 * not know the wire protocol in which a request came, nor what the controller does with the resource.
 */
package io.eventfleet.server.cluster.admin;
