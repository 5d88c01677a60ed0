/**
 * What is measured, one class per suite. Must not know which system is under test: the same load meets each of them.
 */
@NullMarked
package io.eventfleet.bench.suite;

import org.jspecify.annotations.NullMarked;
