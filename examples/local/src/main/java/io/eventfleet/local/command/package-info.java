/**
 * The commands of {@code ./eventfleet} that run in Java: arguments, progress lines, exit statuses.
 * It must not know how API and node are built.
 */
package io.eventfleet.local.command;
