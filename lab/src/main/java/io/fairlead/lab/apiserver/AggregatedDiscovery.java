package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Discovery in one document, apidiscovery.k8s.io. */
final class AggregatedDiscovery {

    private AggregatedDiscovery() {}

    /** @param core whether the core group is asked for, or all others */
    static ObjectNode document(ResourceTypes types, String version, boolean core) {
        var document =
                Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/" + version);
        document.putObject("metadata");
        var items = document.putArray("items");
        types.all().stream()
                .map(ResourceType::group)
                .filter(group -> group.isEmpty() == core)
                .distinct()
                .forEach(group -> group(items.addObject(), group, types));
        return document;
    }

    private static void group(ObjectNode item, String group, ResourceTypes types) {
        var metadata = item.putObject("metadata");
        if (!group.isEmpty()) {
            metadata.put("name", group);
        }
        metadata.putNull("creationTimestamp");
        var versions = item.putArray("versions");
        types.all().stream()
                .filter(type -> type.group().equals(group))
                .map(ResourceType::version)
                .distinct()
                .forEach(version -> {
                    var described = versions.addObject().put("version", version);
                    var resources = described.putArray("resources");
                    types.all().stream()
                            .filter(type ->
                                    type.group().equals(group) && type.version().equals(version))
                            .forEach(type -> resource(resources.addObject(), type));
                    described.put("freshness", "Current");
                });
    }

    private static void resource(ObjectNode resource, ResourceType type) {
        resource.put("resource", type.plural());
        responseKind(resource, type.group(), type.version(), type.kind());
        resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster").put("singularResource", type.singular());
        verbs(resource, Discovery.VERBS);
        type.shortNames().forEach(resource.withArrayProperty("shortNames")::add);
        Discovery.categories(type).forEach(resource.withArrayProperty("categories")::add);
        var subresources = Discovery.subresources(type);
        if (!subresources.isEmpty()) {
            var list = resource.putArray("subresources");
            subresources.forEach(subresource -> subresource(list, subresource));
        }
    }

    private static void subresource(ArrayNode list, Discovery.Subresource subresource) {
        var item = list.addObject().put("subresource", subresource.name());
        int slash = subresource.apiVersion().indexOf('/');
        responseKind(
                item,
                slash < 0 ? "" : subresource.apiVersion().substring(0, slash),
                subresource.apiVersion().substring(slash + 1),
                subresource.kind());
        verbs(item, subresource.verbs());
    }

    private static void responseKind(ObjectNode item, String group, String version, String kind) {
        item.putObject("responseKind")
                .put("group", group)
                .put("version", version)
                .put("kind", kind);
    }

    private static void verbs(ObjectNode item, List<String> verbs) {
        verbs.forEach(item.putArray("verbs")::add);
    }
}
