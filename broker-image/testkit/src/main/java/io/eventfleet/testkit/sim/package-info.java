/**
 * A deterministic simulation of a cluster: the real cores in virtual time over a simulated API, network and disk, with
 * the numbered invariants of docs/coordination.md checked after every event. It must not know threads or real clocks.
 */
package io.eventfleet.testkit.sim;
