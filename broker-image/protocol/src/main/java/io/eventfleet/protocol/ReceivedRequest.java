// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.protocol;

import org.apache.kafka.common.protocol.ApiMessage;

/** One request, read. The context owns the frame. */
public record ReceivedRequest(RequestContext context, ApiMessage body) {}
