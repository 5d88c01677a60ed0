/**
 * What is done to a running system, and when. {@link io.eventfleet.local.torture.nemesis.Schedule} decides from a seed alone; the faults do it
 * from outside, as a bad day would: by signals, broken networks, a sick Kubernetes API and lost disks.
 */
package io.eventfleet.local.torture.nemesis;
