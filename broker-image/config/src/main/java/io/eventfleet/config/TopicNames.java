// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Kafka's rules for topic names, and the Kubernetes object name under which a topic is declared. */
public final class TopicNames {
    /** Longest topic name, characters. */
    public static final int MAX_LENGTH = 249;

    /** Longest name of a Kubernetes object, characters (RFC 1123 subdomain). */
    public static final int MAX_OBJECT_NAME_LENGTH = 253;

    /** Hex digits of the SHA-256 that tell changed names apart: 64 bits. */
    private static final int HASH_DIGITS = 16;

    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]+");
    private static final Pattern OBJECT_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Pattern MAPPED = Pattern.compile(".*-x[0-9a-f]{" + HASH_DIGITS + "}");

    private TopicNames() {}

    /** Why Kafka refuses the topic name, or null when it is legal. */
    public static @Nullable String validate(String topicName) {
        if (topicName.isEmpty()) {
            return "the topic name must not be empty";
        }
        if (topicName.equals(".") || topicName.equals("..")) {
            return "the topic name must not be '.' or '..'";
        }
        if (topicName.length() > MAX_LENGTH) {
            return "the topic name is longer than " + MAX_LENGTH + " characters";
        }
        return LEGAL.matcher(topicName).matches()
                ? null
                : "the topic name may only have ASCII letters, digits, '.', '_' and '-'";
    }

    /**
     * Kafka calls two names colliding when they differ only in '.' and '_', which metrics cannot tell apart.
     *
     * @return true when the names differ and collide
     */
    public static boolean collide(String first, String second) {
        return !first.equals(second) && first.replace('.', '_').equals(second.replace('.', '_'));
    }

    /**
     * The name of the Topic object that declares a topic created by a Kafka client: the topic name itself where Kubernetes
     * allows it, else a legal name close to it with a hash of the topic name. Deterministic, and free of collisions: a name
     * that looks like a changed one is changed too.
     */
    public static String toObjectName(String topicName) {
        if (topicName.length() <= MAX_OBJECT_NAME_LENGTH
                && OBJECT_NAME.matcher(topicName).matches()
                && !MAPPED.matcher(topicName).matches()) {
            return topicName;
        }
        var suffix = "-x" + hash(topicName);
        var readable = topicName
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.-]+", "-")
                .replaceAll("[.-]*\\.[.-]*", ".")
                .replaceAll("^[.-]+", "");
        var room = MAX_OBJECT_NAME_LENGTH - suffix.length();
        var head = readable.substring(0, Math.min(room, readable.length())).replaceAll("[.-]+$", "");
        return (head.isEmpty() ? "topic" : head) + suffix;
    }

    private static String hash(String topicName) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(topicName.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
