// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request that is answered with a {@code Status} other than success; texts follow the real API server's. */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What a failure is about; {@code group} and {@code kind} as in {@code Status.details}. */
    public record Subject(String group, String kind, String name) {
        /** As texts name it, for example {@code topics.eventfleet.io "orders"}. */
        String quoted() {
            return qualifiedKind() + " \"" + name + "\"";
        }

        private String qualifiedKind() {
            return group.isEmpty() ? kind : kind + "." + group;
        }
    }

    /** One cause: {@code reason} such as {@code FieldValueInvalid}, the message, and the field or an empty text. */
    public record Cause(String reason, String message, String field) {}

    private final int code;
    private final String reason;
    private final @Nullable Subject subject;
    private final transient List<Cause> causes;

    private ApiFailure(int code, String reason, String message, @Nullable Subject subject, List<Cause> causes) {
        super(message, null, false, false);
        this.code = code;
        this.reason = reason;
        this.subject = subject;
        this.causes = causes;
    }

    public static ApiFailure badRequest(String message) {
        return new ApiFailure(400, "BadRequest", message, null, List.of());
    }

    public static ApiFailure forbidden(String message, Subject subject, List<Cause> causes) {
        return new ApiFailure(403, "Forbidden", subject.quoted() + " is forbidden: " + message, subject, causes);
    }

    public static ApiFailure notFound(Subject subject) {
        return new ApiFailure(404, "NotFound", subject.quoted() + " not found", subject, List.of());
    }

    public static ApiFailure noSuchPath() {
        return new ApiFailure(404, "NotFound", "the server could not find the requested resource", null, List.of());
    }

    public static ApiFailure methodNotAllowed() {
        return new ApiFailure(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                null,
                List.of());
    }

    public static ApiFailure alreadyExists(Subject subject) {
        return new ApiFailure(409, "AlreadyExists", subject.quoted() + " already exists", subject, List.of());
    }

    public static ApiFailure conflict(Subject subject, String why) {
        return new ApiFailure(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + subject.quoted() + ": " + why,
                subject,
                List.of());
    }

    public static ApiFailure modified(Subject subject) {
        return conflict(
                subject, "the object has been modified; please apply your changes to the latest version and try again");
    }

    public static ApiFailure applyConflict(List<Cause> causes) {
        String found = causes.stream()
                .map(cause -> cause.message() + ": " + cause.field())
                .collect(Collectors.joining("\n"));
        String text =
                "Apply failed with " + causes.size() + (causes.size() == 1 ? " conflict: " : " conflicts: ") + found;
        return new ApiFailure(409, "Conflict", text, null, causes);
    }

    public static ApiFailure expired(String message) {
        return new ApiFailure(410, "Expired", message, null, List.of());
    }

    public static ApiFailure unsupportedMediaType(String accepted) {
        return new ApiFailure(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: " + accepted,
                null,
                List.of());
    }

    /** @param causes at least one */
    public static ApiFailure invalid(Subject subject, List<Cause> causes) {
        var texts = causes.stream()
                .map(cause -> cause.field().isEmpty() ? cause.message() : cause.field() + ": " + cause.message())
                .toList();
        String list = texts.size() == 1 ? texts.getFirst() : texts.stream().collect(Collectors.joining(", ", "[", "]"));
        return new ApiFailure(422, "Invalid", subject.quoted() + " is invalid: " + list, subject, causes);
    }

    public static ApiFailure tooManyRequests() {
        return new ApiFailure(
                429,
                "TooManyRequests",
                "the server has received too many requests and has asked us to try again later",
                null,
                List.of());
    }

    public static ApiFailure internal(String message) {
        return new ApiFailure(500, "InternalError", "Internal error occurred: " + message, null, List.of());
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /** The document that is sent to the client. */
    public ObjectNode toStatus() {
        ObjectNode status =
                JsonNodeFactory.instance.objectNode().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (subject != null || !causes.isEmpty()) {
            ObjectNode details = status.putObject("details");
            if (subject != null) {
                details.put("name", subject.name());
                if (!subject.group().isEmpty()) {
                    details.put("group", subject.group());
                }
                details.put("kind", subject.kind());
            }
            if (!causes.isEmpty()) {
                var list = details.putArray("causes");
                for (Cause cause : causes) {
                    ObjectNode entry =
                            list.addObject().put("reason", cause.reason()).put("message", cause.message());
                    if (!cause.field().isEmpty()) {
                        entry.put("field", cause.field());
                    }
                }
            }
        }
        return status.put("code", code);
    }
}
