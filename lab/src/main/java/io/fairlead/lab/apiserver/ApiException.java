package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalInt;

/** An error as a Kubernetes client expects it: an HTTP code and a metav1.Status with a machine-readable reason. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int code;
    private final String reason;
    private final transient ObjectNode details;

    private ApiException(int code, String reason, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    private ApiException(int code, String reason, String message) {
        this(code, reason, message, Json.object());
    }

    public static ApiException badRequest(String message) {
        return new ApiException(400, "BadRequest", message);
    }

    static ApiException unauthorized() {
        return new ApiException(401, "Unauthorized", "Unauthorized");
    }

    /** No such path or resource type. */
    static ApiException noSuchResource() {
        return new ApiException(404, "NotFound", "the server could not find the requested resource");
    }

    public static ApiException notFound(ResourceType type, String name) {
        return about(type, name, 404, "NotFound", "not found");
    }

    static ApiException methodNotAllowed(String method) {
        return new ApiException(405, "MethodNotAllowed", "method " + method + " is not supported on this path");
    }

    static ApiException alreadyExists(ResourceType type, String name) {
        return about(type, name, 409, "AlreadyExists", "already exists");
    }

    static ApiException conflict(ResourceType type, String name, String why) {
        return new ApiException(
                409,
                "Conflict",
                "Operation cannot be fulfilled on %s \"%s\": %s".formatted(type.qualifiedPlural(), name, why),
                details(type, name));
    }

    /** Another manager has applied other values. */
    static ApiException applyConflict(List<String> conflicts) {
        var details = Json.object();
        var causes = details.putArray("causes");
        for (var conflict : conflicts) {
            int colon = conflict.lastIndexOf(": ");
            causes.addObject()
                    .put("reason", "FieldManagerConflict")
                    .put("message", conflict.substring(0, colon))
                    .put("field", conflict.substring(colon + 2));
        }
        var list = conflicts.size() == 1 ? conflicts.getFirst() : "conflicts:\n- " + String.join("\n- ", conflicts);
        return new ApiException(
                409,
                "Conflict",
                "Apply failed with %d conflict%s: %s"
                        .formatted(conflicts.size(), conflicts.size() == 1 ? "" : "s", list),
                details);
    }

    /** The version lies before what the server remembers. */
    static ApiException expired(long asked, long oldest) {
        return new ApiException(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
    }

    static ApiException unsupportedMediaType(String given, String supported) {
        return new ApiException(
                415,
                "UnsupportedMediaType",
                "content type \"%s\" is not supported here; use %s".formatted(given, supported));
    }

    /** Something a cluster can do and this server cannot. */
    static ApiException notImplemented(String message) {
        return new ApiException(501, "NotImplemented", message);
    }

    /** The object is right, but the cluster will not have it. */
    public static ApiException forbidden(ResourceType type, String name, String why) {
        return about(type, name, 403, "Forbidden", "is forbidden: " + why);
    }

    /**
     * The object is wrong.
     *
     * @param errors at least one
     */
    public static ApiException invalid(ResourceType type, String name, List<FieldError> errors) {
        var details = details(type, name);
        var causes = details.putArray("causes");
        errors.forEach(error -> causes.addObject()
                .put("reason", error.reason())
                .put("message", error.message())
                .put("field", error.field()));
        details.put("kind", type.kind());
        var all = errors.stream().map(FieldError::toString).distinct().toList();
        var list = all.size() == 1 ? all.getFirst() : "[" + String.join(", ", all) + "]";
        return new ApiException(
                422, "Invalid", "%s \"%s\" is invalid: %s".formatted(qualifiedKind(type), name, list), details);
    }

    private static String qualifiedKind(ResourceType type) {
        return type.group().isEmpty() ? type.kind() : type.kind() + "." + type.group();
    }

    static ApiException invalid(ResourceType type, String name, String field, String why) {
        var details = details(type, name);
        details.putArray("causes")
                .addObject()
                .put("reason", "FieldValueInvalid")
                .put("message", why)
                .put("field", field);
        return new ApiException(
                422, "Invalid", "%s \"%s\" is invalid: %s: %s".formatted(type.kind(), name, field, why), details);
    }

    static ApiException tooManyRequests(int retryAfterSeconds) {
        return new ApiException(
                429,
                "TooManyRequests",
                "too many requests, try again later",
                Json.object().put("retryAfterSeconds", retryAfterSeconds));
    }

    static ApiException internal(String message) {
        return new ApiException(500, "InternalError", "Internal error occurred: " + message);
    }

    /** The version lies in the future: the client has seen a server that knew more. */
    static ApiException tooLargeVersion(long asked, long current) {
        var details = Json.object().put("retryAfterSeconds", 1);
        details.putArray("causes")
                .addObject()
                .put("reason", "ResourceVersionTooLarge")
                .put("message", "Too large resource version");
        return new ApiException(
                504, "Timeout", "Too large resource version: %d, current: %d".formatted(asked, current), details);
    }

    private static ApiException about(ResourceType type, String name, int code, String reason, String what) {
        return new ApiException(
                code, reason, "%s \"%s\" %s".formatted(type.qualifiedPlural(), name, what), details(type, name));
    }

    private static ObjectNode details(ResourceType type, String name) {
        var details = Json.object().put("name", name);
        if (!type.group().isEmpty()) {
            details.put("group", type.group());
        }
        return details.put("kind", type.plural());
    }

    /** The HTTP status code. */
    public int code() {
        return code;
    }

    /** For instance {@code NotFound}, {@code Expired}, {@code Conflict}. */
    public String reason() {
        return reason;
    }

    /** What the Retry-After header should say, in seconds. */
    OptionalInt retryAfterSeconds() {
        var seconds = details.path("retryAfterSeconds");
        return seconds.isInt() ? OptionalInt.of(seconds.asInt()) : OptionalInt.empty();
    }

    /** The metav1.Status object. */
    ObjectNode toStatus() {
        var status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }
}
