/**
 * The kinds that are served: built-in ones, custom ones from CustomResourceDefinitions, their columns and defaults.
 * It must not know where objects are stored or how requests arrive.
 */
package io.eventfleet.local.api.resource;
