/**
 * The systems that are compared: how each is started afresh, found in the process table and stopped. Must not know which suites run
 * or what they measure.
 */
@NullMarked
package io.eventfleet.bench.system;

import org.jspecify.annotations.NullMarked;
