/**
 * Failures as the Kubernetes API reports them: the {@code Status} document with code, reason, message and causes.
 * It must not know which operation failed or how the document travels.
 */
package io.eventfleet.local.api.status;
