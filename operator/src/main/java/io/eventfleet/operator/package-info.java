/**
 * The composition of the operator process: settings, Leader election, metrics and health.
 * Knows how the reconcilers are wired and nothing of what they decide.
 */
@NullMarked
package io.eventfleet.operator;

import org.jspecify.annotations.NullMarked;
