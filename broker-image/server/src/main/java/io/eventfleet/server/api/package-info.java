// SPDX-License-Identifier: Apache-2.0
/**
 * What answers a request: one handler class per API key, and the registry that derives ApiVersions from them. It must
 * not know sockets, storage engines or Kubernetes.
 */
package io.eventfleet.server.api;
