/**
 * Stand-ins for kubelet, StatefulSet controller and kube-proxy: pods become JVM processes on this machine, Services become
 * forwarded loopback ports. They see the Kubernetes API as any client does.
 * It must not know Eventfleet's custom resources, nor how the API is implemented.
 */
package io.eventfleet.local.kubelet;
