// SPDX-License-Identifier: Apache-2.0
/**
 * APIs that read and write records. It must not know how logs are stored, who leads elsewhere, or how answers travel.
 */
package io.eventfleet.server.api.data;
