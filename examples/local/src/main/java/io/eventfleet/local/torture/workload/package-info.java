/**
 * The clients of a torture run: unmodified Java clients that write unique integers, read them in every way that there is, and note what they
 * see. It must not know what is done to the system meanwhile.
 */
package io.eventfleet.local.torture.workload;
