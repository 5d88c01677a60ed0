/**
 * Answers the APIs of administrators: checks what is asked with Kafka's codes and words, and delegates to the cluster's
 * administration. It must not know that topics are resources, nor who acts on them.
 */
package io.eventfleet.server.api.admin;
