/**
 * Samples, their statistics, the table and the results file. Pure apart from writing that file; must not start anything.
 */
@NullMarked
package io.eventfleet.bench.result;

import org.jspecify.annotations.NullMarked;
