// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.store;

/** Content of a stored object, without its resourceVersion. */
public sealed interface Body permits FencedBody, LeaseDoc, TopicDoc {}
