package io.fairlead.lab.apiserver;

import io.fairlead.lab.schema.OpenApi;
import io.fairlead.lab.schema.SwaggerProtobuf;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client asks before it asks for objects: discovery, in both forms, and OpenAPI. */
final class Documents {

    private static final String DISCOVERY_GROUP = "apidiscovery.k8s.io";
    private static final List<String> DISCOVERY_FORMS =
            List.of("APIGroupDiscoveryList/v2", "APIGroupDiscoveryList/v2beta1");
    // Both ways in which this type has been spelled.
    private static final String SWAGGER_PROTOBUF = "application/com.github.proto-openapi.spec.v2";

    private final ResourceTypes types;
    private final Optional<OpenApi> openApi;

    Documents(ResourceTypes types, ServerOptions options) {
        this.types = types;
        this.openApi = options.schema()
                .map(schema -> new OpenApi(
                        schema,
                        types.all().stream()
                                .map(type -> new OpenApi.Resource(
                                        type.apiVersion(), type.kind(), type.plural(), type.namespaced()))
                                .toList()));
    }

    /** @return whether the request was for one of these */
    boolean answer(Exchange exchange) throws IOException {
        var segments = exchange.segments();
        if (!exchange.line().method().equals("GET")) {
            return false;
        }
        if (openApi.isPresent() && segments.size() >= 2 && segments.getFirst().equals("openapi")) {
            return openApi(exchange, openApi.get(), segments);
        }
        if (openApi.isPresent() && (segments.equals(List.of("api")) || segments.equals(List.of("apis")))) {
            var form = exchange.accept().first(DISCOVERY_GROUP, DISCOVERY_FORMS);
            if (form.isPresent()) {
                aggregated(exchange, form.get(), segments.equals(List.of("api")));
                return true;
            }
        }
        var discovery = Discovery.answer(segments, types);
        if (discovery.isPresent()) {
            exchange.send(discovery.get());
        }
        return discovery.isPresent();
    }

    private void aggregated(Exchange exchange, String form, boolean core) throws IOException {
        var version = form.substring(form.indexOf('/') + 1);
        var contentType = "application/json;g=%s;v=%s;as=APIGroupDiscoveryList".formatted(DISCOVERY_GROUP, version);
        var document = AggregatedDiscovery.document(types, version, core);
        exchange.send(200, Map.of("Content-Type", contentType, "Vary", "Accept"), Json.bytes(document));
    }

    private static boolean openApi(Exchange exchange, OpenApi documents, List<String> segments) throws IOException {
        switch (segments.get(1)) {
            case "v2" -> {
                var document = documents.version2();
                if (exchange.accepts(SWAGGER_PROTOBUF)) {
                    var contentType = SWAGGER_PROTOBUF + ".v1.0+protobuf";
                    exchange.send(200, Map.of("Content-Type", contentType), SwaggerProtobuf.encode(document));
                } else {
                    exchange.send(document);
                }
            }
            case "v3" -> {
                var root = String.join("/", segments.subList(2, segments.size()));
                exchange.send(root.isEmpty() ? documents.index() : documents.version3("/" + root));
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
