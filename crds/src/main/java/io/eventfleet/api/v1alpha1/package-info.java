/**
 * The three public resources, as Java values from which their CustomResourceDefinitions are generated.
 * Knows no defaults of the platform and no behaviour: an absent field is null here and is given a meaning by the operator.
 */
@NullMarked
package io.eventfleet.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
