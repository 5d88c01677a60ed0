/**
 * A network that can be broken: between each two brokers, and between each of them and the API, stands a proxy of its own. The brokers do not
 * know: each resolves the same names to other addresses. It must not know why anything is broken.
 */
package io.eventfleet.local.torture.network;
