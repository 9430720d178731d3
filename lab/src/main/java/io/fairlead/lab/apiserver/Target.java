package io.fairlead.lab.apiserver;

import io.fairlead.proxy.cluster.NamespacedName;
import java.util.Optional;

/**
 * What a path is about: a type, and one object of it or a collection.
 *
 * @param shown the type the client names
 * @param alias how to get from it to the type that is stored, if that is another
 */
record Target(
        ResourceType shown,
        Optional<ResourceAlias> alias,
        Optional<String> namespace,
        Optional<String> name,
        Part part) {

    /** Which part of the object. */
    enum Part {
        WHOLE,
        STATUS,
        SCALE,
        LOG
    }

    /** @throws ApiException 404 if nothing is there, 501 for what a cluster has and this server has not */
    static Target of(ResourcePath path, ResourceTypes types, ServerOptions options) {
        var type =
                types.byPlural(path.group(), path.version(), path.plural()).orElseThrow(ApiException::noSuchResource);
        if (path.namespace().isPresent() && !type.namespaced()
                || path.namespace().isEmpty() && path.name().isPresent() && type.namespaced()) {
            throw ApiException.noSuchResource();
        }
        var part = path.subresource().map(name -> part(type, name)).orElse(Part.WHOLE);
        return new Target(type, options.alias(type), path.namespace(), path.name(), part);
    }

    private static Part part(ResourceType type, String subresource) {
        if (subresource.equals("status") && type.hasStatus()) {
            return Part.STATUS;
        }
        if (subresource.equals("scale") && type.isScalable()) {
            return Part.SCALE;
        }
        if (!type.equals(ResourceTypes.PODS)) {
            throw ApiException.noSuchResource();
        }
        return switch (subresource) {
            case "log" -> Part.LOG;
            case "exec", "attach", "portforward", "proxy" ->
                throw ApiException.notImplemented("this server has no pods/" + subresource
                        + "; run a command in a pod with: fairlead lab exec POD -- COMMAND");
            default -> throw ApiException.noSuchResource();
        };
    }

    /** The type of the objects that are kept. */
    ResourceType stored() {
        return alias.map(ResourceAlias::stored).orElse(shown);
    }

    NamespacedName object() {
        return new NamespacedName(namespace.orElse(""), name.orElseThrow());
    }
}
