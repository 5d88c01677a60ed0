/**
 * JSON documents as the Kubernetes API exchanges them: mappers, paths and the two patch formats that need no schema.
 * It must not know resources, storage or HTTP.
 */
package io.eventfleet.local.api.json;
