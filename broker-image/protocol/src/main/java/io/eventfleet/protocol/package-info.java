// SPDX-License-Identifier: Apache-2.0
/**
 * The Kafka wire protocol over Netty buffers: frames to messages, messages to frames, versions, errors, and record
 * bytes that are copied neither in nor out. It must not know what any request means, who answers it, or how
 * connections are served.
 */
package io.eventfleet.protocol;
