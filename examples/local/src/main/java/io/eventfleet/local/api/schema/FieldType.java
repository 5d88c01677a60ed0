// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.schema;

/** What merging needs to know of one field; the same questions for custom resources and for built-in kinds. */
public interface FieldType {
    /** The type of a field of this object. */
    FieldType field(String name);

    /** The type of an element of this list. */
    FieldType element();

    /** How this list merges; atomic when it is no list. */
    ListSemantics list();

    /** True when this object is one value and never merged field by field. */
    boolean isAtomicObject();
}
