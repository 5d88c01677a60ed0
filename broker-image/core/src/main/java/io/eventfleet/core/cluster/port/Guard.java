// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.core.cluster.port;

/**
 * The protections of the protocol, by name. All are on in production; the simulator switches one off at a time and
 * must then find a violation, which is what shows that it looks.
 */
public enum Guard {
    /** A new controller rewrites every object before it acts (§1.3). */
    CLAIM,
    /** After an UNKNOWN write, nothing is decided from the object before a fencing write (A2). */
    FENCE_UNKNOWN,
    /** A Lease expires only on the echo of an own renewal (§1.4). */
    ECHO,
    /** A new incarnation never leads under an old leader epoch (A9). */
    BUMP_ON_REGISTRATION,
    /** Absence of a Topic resource is not its deletion (A6). */
    ABSENCE_IS_NOT_DELETION,
    /** Nothing is answered or pushed before its write is durable (ST3). */
    DURABLE_BEFORE_ANSWER,
    /** Nothing leaves an ELR by a takeover (A1). */
    KEEP_ELR_AT_TAKEOVER,
    /** A registration is judged by the Lease and by what the disk proves (A3, A8). */
    JUDGE_DISK,
    /** Only a purging topic's data is deleted, after its grace (A6). */
    GRACE
}
