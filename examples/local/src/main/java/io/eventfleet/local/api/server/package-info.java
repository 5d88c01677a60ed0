/**
 * The API over HTTP: routing, discovery, OpenAPI, tables, watches.
 * It must not decide what a verb does to an object.
 */
package io.eventfleet.local.api.server;
