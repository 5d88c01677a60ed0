/**
 * Objects with their versions, the log of changes that watches read, and the journal that survives the process.
 * It must not know schemas, ownership of fields or HTTP.
 */
package io.eventfleet.local.api.store;
