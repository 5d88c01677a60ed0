/**
 * The verbs of the API with their semantics: create, update, patch, apply, delete with cascade, scale, list.
 * It must not know HTTP, and nothing of the processes that a pod stands for.
 */
package io.eventfleet.local.api.operation;
