/**
 * Answers the APIs of consumer groups: resolves and checks topics, hides differences of versions, and delegates to the
 * group coordinator. It must not know how groups are kept, nor where their log is.
 */
package io.eventfleet.server.api.group;
