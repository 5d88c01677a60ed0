// SPDX-License-Identifier: Apache-2.0
/**
 * What a broker knows of its cluster: immutable, assembled from the metadata that the controller pushed. It must not
 * know how the metadata is stored or pushed.
 */
package io.eventfleet.core.cluster.image;
