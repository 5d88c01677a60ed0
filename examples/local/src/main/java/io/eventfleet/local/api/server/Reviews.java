// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Json;
import io.eventfleet.local.api.status.ApiFailure;

/** Answers to "may I" and "who am I": the one user of this machine may do everything. */
final class Reviews {
    private Reviews() {}

    static boolean isReview(String resource) {
        return resource.endsWith("reviews");
    }

    static Response answer(Request request) {
        if (!request.method().equals("POST")) {
            throw ApiFailure.methodNotAllowed();
        }
        ObjectNode review = Json.readObject(request.body(), request.contentType());
        ObjectNode status = review.putObject("status");
        switch (request.path().getLast()) {
            case "selfsubjectaccessreviews", "subjectaccessreviews", "localsubjectaccessreviews" ->
                status.put("allowed", true);
            case "selfsubjectrulesreviews" -> {
                status.put("incomplete", false);
                ObjectNode rule = status.putArray("resourceRules").addObject();
                rule.putArray("verbs").add("*");
                rule.putArray("apiGroups").add("*");
                rule.putArray("resources").add("*");
                ObjectNode other = status.putArray("nonResourceRules").addObject();
                other.putArray("verbs").add("*");
                other.putArray("nonResourceURLs").add("*");
            }
            case "selfsubjectreviews" -> status.putObject("userInfo").put("username", "local");
            default -> throw ApiFailure.noSuchPath();
        }
        return Response.json(201, review);
    }
}
