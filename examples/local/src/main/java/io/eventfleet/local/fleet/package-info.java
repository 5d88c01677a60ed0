/**
 * The whole system as one object: API, node, operator, data folder. What the command line and end-to-end tests share.
 * It must not print, and must not know which command uses it.
 */
package io.eventfleet.local.fleet;
