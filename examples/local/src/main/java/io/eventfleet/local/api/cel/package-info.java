/**
 * CEL rules of custom resources ({@code x-kubernetes-validations}) compiled and evaluated with cel-java.
 * It must not know operations, storage or HTTP; the values it sees are JSON with a schema beside them.
 */
package io.eventfleet.local.api.cel;
