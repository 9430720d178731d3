package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a client asks before it asks for objects: versions, groups, resource types. */
final class Discovery {

    static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");

    private Discovery() {}

    /** @return empty if the path is not one of discovery's */
    static Optional<ObjectNode> answer(List<String> path, ResourceTypes types) {
        return switch (path) {
            case List<String> p when p.equals(List.of("version")) -> Optional.of(version());
            case List<String> p when p.equals(List.of("api")) -> Optional.of(coreVersions());
            case List<String> p when p.equals(List.of("apis")) -> Optional.of(groups(types));
            case List<String> p when p.size() == 2 && p.getFirst().equals("api") -> resources("", p.get(1), types);
            case List<String> p when p.size() == 2 && p.getFirst().equals("apis") -> group(p.get(1), types);
            case List<String> p
            when p.size() == 3 && p.getFirst().equals("apis") -> resources(p.get(1), p.get(2), types);
            default -> Optional.empty();
        };
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "36")
                .put("gitVersion", "v1.36.0+fairlead")
                .put("platform", "linux/amd64");
    }

    private static ObjectNode coreVersions() {
        var answer = Json.object().put("kind", "APIVersions");
        answer.putArray("versions").add("v1");
        return answer;
    }

    private static ObjectNode groups(ResourceTypes types) {
        var answer = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        var groups = answer.putArray("groups");
        types.all().stream()
                .map(ResourceType::group)
                .filter(group -> !group.isEmpty())
                .distinct()
                .forEach(group -> groups.add(describe(group, types)));
        return answer;
    }

    private static Optional<ObjectNode> group(String group, ResourceTypes types) {
        if (group.isEmpty()
                || types.all().stream().noneMatch(type -> type.group().equals(group))) {
            return Optional.empty();
        }
        var answer = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
        answer.setAll(describe(group, types));
        return Optional.of(answer);
    }

    private static ObjectNode describe(String group, ResourceTypes types) {
        var description = Json.object().put("name", group);
        var versions = description.putArray("versions");
        types.all().stream()
                .filter(type -> type.group().equals(group))
                .map(ResourceType::version)
                .distinct()
                .forEach(version -> versions.addObject()
                        .put("groupVersion", group + "/" + version)
                        .put("version", version));
        description.set("preferredVersion", versions.get(0));
        return description;
    }

    private static Optional<ObjectNode> resources(String group, String version, ResourceTypes types) {
        var answer = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
        answer.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        var resources = answer.putArray("resources");
        types.all().stream()
                .filter(type -> type.group().equals(group) && type.version().equals(version))
                .forEach(type -> describe(type, resources));
        return resources.isEmpty() ? Optional.empty() : Optional.of(answer);
    }

    private static void describe(ResourceType type, ArrayNode resources) {
        var resource = resources
                .addObject()
                .put("name", type.plural())
                .put("singularName", type.singular())
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
        VERBS.forEach(resource.putArray("verbs")::add);
        if (!type.shortNames().isEmpty()) {
            type.shortNames().forEach(resource.putArray("shortNames")::add);
        }
        var categories = categories(type);
        if (!categories.isEmpty()) {
            categories.forEach(resource.putArray("categories")::add);
        }
        for (var subresource : subresources(type)) {
            var described = resources
                    .addObject()
                    .put("name", type.plural() + "/" + subresource.name())
                    .put("singularName", "")
                    .put("namespaced", type.namespaced())
                    .put("kind", subresource.kind());
            int slash = subresource.apiVersion().indexOf('/');
            if (slash > 0 && !subresource.apiVersion().equals(type.apiVersion())) {
                described
                        .put("group", subresource.apiVersion().substring(0, slash))
                        .put("version", subresource.apiVersion().substring(slash + 1));
            }
            subresource.verbs().forEach(described.putArray("verbs")::add);
        }
    }

    /** A part of an object with a path of its own. */
    record Subresource(String name, String apiVersion, String kind, List<String> verbs) {}

    static List<Subresource> subresources(ResourceType type) {
        var subresources = new ArrayList<Subresource>();
        if (type.hasStatus()) {
            subresources.add(new Subresource("status", type.apiVersion(), type.kind(), STATUS_VERBS));
        }
        if (type.isScalable()) {
            subresources.add(new Subresource("scale", "autoscaling/v1", "Scale", STATUS_VERBS));
        }
        if (type.equals(ResourceTypes.PODS)) {
            subresources.add(new Subresource("log", "v1", "Pod", List.of("get")));
        }
        return subresources;
    }

    /** The names under which kubectl asks for several types at once. */
    static List<String> categories(ResourceType type) {
        boolean all = type.equals(ResourceTypes.PODS)
                || type.equals(ResourceTypes.SERVICES)
                || type.group().equals("apps");
        return all ? List.of("all") : List.of();
    }
}
