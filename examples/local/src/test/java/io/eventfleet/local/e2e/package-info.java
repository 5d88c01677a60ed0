/**
 * The whole system from outside: real processes, real sockets, unmodified clients and kubectl. Must not reach into any module of the
 * system but the one that starts it on this machine.
 */
@NullMarked
package io.eventfleet.local.e2e;

import org.jspecify.annotations.NullMarked;
