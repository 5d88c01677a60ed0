/**
 * Hands the children of the model to the framework, which applies them server-side.
 * Decides nothing: every object comes from the model.
 */
@NullMarked
package io.eventfleet.operator.cluster.dependent;

import org.jspecify.annotations.NullMarked;
