package io.fairlead.lab.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The OpenAPI documents a client asks for: version 3, one per API version, and version 2, one for all. They have what
 * clients look up there: fields and types, merge keys, and which query parameters a write understands.
 */
public final class OpenApi {

    /** Where objects of a kind are served. */
    public record Resource(String apiVersion, String kind, String plural, boolean namespaced) {

        String root() {
            return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
        }

        String collection() {
            return root() + (namespaced ? "/namespaces/{namespace}/" : "/") + plural;
        }
    }

    private static final List<String> WRITE_PARAMETERS = List.of("dryRun", "fieldManager", "fieldValidation");
    private static final String PREFIX = "io.k8s.";

    private final Schema schema;
    private final List<Resource> resources;

    public OpenApi(Schema schema, Collection<Resource> resources) {
        this.schema = schema;
        this.resources = List.copyOf(resources);
    }

    /** The list of version 3 documents, {@code /openapi/v3}. */
    public ObjectNode index() {
        var index = object();
        var paths = index.putObject("paths");
        roots().forEach(root -> paths.putObject(root.substring(1)).put("serverRelativeURL", "/openapi/v3" + root));
        return index;
    }

    /**
     * The version 3 document of one API version.
     *
     * @param root {@code /api/v1} or {@code /apis/apps/v1}
     * @return without paths if there is none such
     */
    public ObjectNode version3(String root) {
        var document = object().put("openapi", "3.0.0");
        document.set("info", info());
        var paths = document.putObject("paths");
        resources.stream()
                .filter(resource -> resource.root().equals(root))
                .forEach(resource -> paths(paths, resource, true));
        var schemas = document.putObject("components").putObject("schemas");
        var dialect = new SchemaWriter("#/components/schemas/" + PREFIX, true);
        schema.definitions().values().forEach(d -> schemas.set(PREFIX + d.name(), schemaOf(d, dialect)));
        return document;
    }

    /** The version 2 document, {@code /openapi/v2}. */
    public ObjectNode version2() {
        var document = object().put("swagger", "2.0");
        document.set("info", info());
        var paths = document.putObject("paths");
        resources.forEach(resource -> paths(paths, resource, false));
        var definitions = document.putObject("definitions");
        var dialect = new SchemaWriter("#/definitions/" + PREFIX, false);
        schema.definitions().values().forEach(d -> definitions.set(PREFIX + d.name(), schemaOf(d, dialect)));
        return document;
    }

    private Stream<String> roots() {
        return resources.stream().map(Resource::root).distinct();
    }

    private static ObjectNode info() {
        return object().put("title", "Kubernetes").put("version", "v1.36.0+fairlead");
    }

    private ObjectNode schemaOf(Definition definition, SchemaWriter dialect) {
        var written = dialect.definition(definition);
        var kinds = schema.kinds().stream()
                .filter(kind -> kind.definition().equals(definition.name()))
                .toList();
        if (!kinds.isEmpty()) {
            var list = written.putArray("x-kubernetes-group-version-kind");
            kinds.forEach(kind -> groupVersionKind(list.addObject(), kind.apiVersion(), kind.kind()));
        }
        return written;
    }

    private static void paths(ObjectNode paths, Resource resource, boolean version3) {
        var collection = paths.putObject(resource.collection());
        operation(collection, "get", resource, List.of(), version3);
        operation(collection, "post", resource, WRITE_PARAMETERS, version3);
        var one = paths.putObject(resource.collection() + "/{name}");
        operation(one, "get", resource, List.of(), version3);
        operation(one, "put", resource, WRITE_PARAMETERS, version3);
        operation(one, "patch", resource, WRITE_PARAMETERS, version3);
        operation(one, "delete", resource, List.of("dryRun"), version3);
    }

    private static void operation(
            ObjectNode path, String verb, Resource resource, List<String> parameters, boolean version3) {
        var operation = path.putObject(verb);
        var list = operation.putArray("parameters");
        for (var name : parameters) {
            var parameter = list.addObject().put("name", name).put("in", "query");
            if (version3) {
                parameter.putObject("schema").put("type", "string");
            } else {
                parameter.put("type", "string");
            }
        }
        operation.putObject("responses").putObject("200").put("description", "OK");
        groupVersionKind(
                operation.putObject("x-kubernetes-group-version-kind"), resource.apiVersion(), resource.kind());
    }

    private static void groupVersionKind(ObjectNode into, String apiVersion, String kind) {
        var of = new Schema.Kind(apiVersion, kind, "");
        into.put("group", of.group()).put("kind", kind).put("version", of.version());
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
