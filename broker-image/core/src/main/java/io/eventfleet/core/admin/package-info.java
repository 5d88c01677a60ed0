// SPDX-License-Identifier: Apache-2.0
/**
 * What administrators may ask of a cluster, as a port: topics are changed by writing Topic resources. It must not know
 * the wire protocol in which the request came, nor how resources are written.
 */
package io.eventfleet.core.admin;
