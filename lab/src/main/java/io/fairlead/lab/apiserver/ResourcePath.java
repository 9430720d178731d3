package io.fairlead.lab.apiserver;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * A path that names resources: {@code /api/v1/namespaces/default/services/web/status} and all shorter forms.
 *
 * @param namespace absent for cluster-scoped types and for lists over all namespaces
 */
record ResourcePath(
        String group,
        String version,
        Optional<String> namespace,
        String plural,
        Optional<String> name,
        Optional<String> subresource) {

    /**
     * Reads a path.
     *
     * @param segments the decoded segments, the leading {@code api} or {@code apis} included
     * @return empty if the path has not the shape of a resource path
     */
    static Optional<ResourcePath> parse(List<String> segments) {
        var rest = new ArrayDeque<>(segments);
        var root = rest.isEmpty() ? "" : rest.pop();
        boolean core = root.equals("api");
        if (!core && !root.equals("apis") || rest.size() < (core ? 2 : 3)) {
            return Optional.empty();
        }
        var group = core ? "" : rest.pop();
        var version = rest.pop();
        Optional<String> namespace = Optional.empty();
        if (rest.size() >= 3 && rest.getFirst().equals("namespaces") && !isNamespaceSubresource(rest)) {
            rest.pop();
            namespace = Optional.of(rest.pop());
        }
        if (rest.size() > 3) {
            return Optional.empty();
        }
        return Optional.of(new ResourcePath(
                group,
                version,
                namespace,
                rest.pop(),
                Optional.ofNullable(rest.poll()),
                Optional.ofNullable(rest.poll())));
    }

    /** {@code namespaces/NAME/status} and {@code namespaces/NAME/finalize} are about the Namespace itself. */
    private static boolean isNamespaceSubresource(ArrayDeque<String> rest) {
        return rest.size() == 3
                && (rest.getLast().equals("status") || rest.getLast().equals("finalize"));
    }
}
