package io.fairlead.cli.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * As much of kubectl as a first look needs, for machines without one: {@code get}, {@code describe} of Services and
 * Endpoints, {@code run}, {@code expose}, {@code delete} and {@code logs}.
 */
final class SmallKubectl {

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry("po", Kind.namespaced("pods", "pod")),
            Map.entry("pod", Kind.namespaced("pods", "pod")),
            Map.entry("pods", Kind.namespaced("pods", "pod")),
            Map.entry("svc", Kind.namespaced("services", "service")),
            Map.entry("service", Kind.namespaced("services", "service")),
            Map.entry("services", Kind.namespaced("services", "service")),
            Map.entry("ep", Kind.namespaced("endpoints", "endpoints")),
            Map.entry("endpoints", Kind.namespaced("endpoints", "endpoints")),
            Map.entry("ev", Kind.namespaced("events", "event")),
            Map.entry("events", Kind.namespaced("events", "event")),
            Map.entry("no", new Kind("nodes", "node", "/api/v1", false)),
            Map.entry("node", new Kind("nodes", "node", "/api/v1", false)),
            Map.entry("nodes", new Kind("nodes", "node", "/api/v1", false)),
            Map.entry("ns", new Kind("namespaces", "namespace", "/api/v1", false)),
            Map.entry("namespaces", new Kind("namespaces", "namespace", "/api/v1", false)),
            Map.entry("deploy", new Kind("deployments", "deployment.apps", "/apis/apps/v1", true)),
            Map.entry("deployment", new Kind("deployments", "deployment.apps", "/apis/apps/v1", true)),
            Map.entry("deployments", new Kind("deployments", "deployment.apps", "/apis/apps/v1", true)),
            Map.entry("rs", new Kind("replicasets", "replicaset.apps", "/apis/apps/v1", true)),
            Map.entry(
                    "endpointslices",
                    new Kind("endpointslices", "endpointslice.discovery.k8s.io", "/apis/discovery.k8s.io/v1", true)));

    private final LabClient client;
    private final SmallArguments arguments;
    private final PrintStream out;

    /** @param shown in messages */
    private record Kind(String plural, String shown, String root, boolean namespaced) {

        static Kind namespaced(String plural, String shown) {
            return new Kind(plural, shown, "/api/v1", true);
        }

        String path(SmallArguments arguments) {
            boolean all = !namespaced || arguments.has("all-namespaces");
            return root + (all ? "" : "/namespaces/" + arguments.namespace()) + "/" + plural;
        }
    }

    private SmallKubectl(LabClient client, SmallArguments arguments, PrintStream out) {
        this.client = client;
        this.arguments = arguments;
        this.out = out;
    }

    /** @return the exit status */
    static int run(Path kubeconfig, List<String> words, PrintStream out) throws IOException {
        try (var client = new LabClient(kubeconfig)) {
            new SmallKubectl(client, SmallArguments.parse(words), out).run();
            return 0;
        } catch (LabClient.ApiRefusal e) {
            out.println(e.getMessage());
            return 1;
        } catch (IllegalArgumentException e) {
            out.println("error: " + e.getMessage());
            return 1;
        }
    }

    private void run() throws IOException {
        switch (arguments.word(0, "a command")) {
            case "get" -> get();
            case "describe" -> describe();
            case "run" -> create();
            case "expose" -> expose();
            case "delete" -> delete();
            case "logs" ->
                out.print(client.text("/api/v1/namespaces/" + arguments.namespace() + "/pods/"
                        + arguments.word(1, "a pod") + "/log"));
            default ->
                throw new IllegalArgumentException(
                        "unknown command \"" + arguments.word(0, "a command")
                                + "\"; this small kubectl has get, describe, run, expose, delete and logs. Install kubectl for more");
        }
    }

    private Kind kind() {
        String word = arguments.word(1, "a resource type");
        var kind = KINDS.get(word);
        if (kind == null) {
            throw new IllegalArgumentException("the server doesn't have a resource type \"" + word + "\"");
        }
        return kind;
    }

    private void get() throws IOException {
        var kind = kind();
        String path = kind.path(arguments)
                + arguments.optionalWord(2).map(name -> "/" + name).orElse("");
        var table = client.table(path);
        if (table.path("rows").isEmpty()) {
            out.println("No resources found"
                    + (kind.namespaced() && !arguments.has("all-namespaces")
                            ? " in " + arguments.namespace() + " namespace."
                            : ""));
            return;
        }
        boolean wide = arguments.option("output", "").equals("wide");
        out.print(TableText.of(table, wide, kind.namespaced() && arguments.has("all-namespaces")));
    }

    private void describe() throws IOException {
        var kind = kind();
        var name = arguments.optionalWord(2);
        var objects = new ArrayList<JsonNode>();
        if (name.isPresent()) {
            objects.add(client.get(kind.path(arguments) + "/" + name.get()));
        } else {
            client.get(kind.path(arguments)).path("items").forEach(objects::add);
        }
        for (int i = 0; i < objects.size(); i++) {
            out.print(i == 0 ? "" : "\n\n");
            var object = objects.get(i);
            out.print(
                    switch (kind.plural()) {
                        case "endpoints" -> Description.endpoints(object);
                        case "services" -> {
                            String slice = "/api/v1/namespaces/"
                                    + object.path("metadata").path("namespace").asText() + "/endpoints/"
                                    + object.path("metadata").path("name").asText();
                            yield Description.service(object, endpointsOrNone(slice));
                        }
                        default ->
                            throw new IllegalArgumentException(
                                    "this small kubectl describes services and endpoints; install kubectl for more");
                    });
        }
    }

    private JsonNode endpointsOrNone(String path) throws IOException {
        try {
            return client.get(path);
        } catch (LabClient.ApiRefusal e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private void create() throws IOException {
        String name = arguments.word(1, "a name");
        var pod = object("v1", "Pod", name);
        pod.withObject("/metadata/labels").put("run", name);
        pod.putObject("spec")
                .putArray("containers")
                .addObject()
                .put("name", name)
                .put("image", arguments.required("image"));
        client.create(Kind.namespaced("pods", "pod").path(arguments), pod);
        out.println("pod/" + name + " created");
    }

    private void expose() throws IOException {
        var kind = kind();
        String target = arguments.word(2, "a name");
        var labels =
                client.get(kind.path(arguments) + "/" + target).path("metadata").path("labels");
        String name = arguments.option("name", target);
        var service = object("v1", "Service", name);
        service.withObject("/metadata").set("labels", labels);
        var spec = service.putObject("spec").put("type", arguments.option("type", "ClusterIP"));
        spec.set("selector", labels);
        int port = Integer.parseInt(arguments.required("port"));
        spec.putArray("ports")
                .addObject()
                .put("port", port)
                .put("protocol", arguments.option("protocol", "TCP"))
                .put("targetPort", Integer.parseInt(arguments.option("target-port", Integer.toString(port))));
        client.create(Kind.namespaced("services", "service").path(arguments), service);
        out.println("service/" + name + " exposed");
    }

    private void delete() throws IOException {
        var kind = kind();
        String name = arguments.word(2, "a name");
        client.delete(kind.path(arguments) + "/" + name);
        out.println(kind.shown() + " \"" + name + "\" deleted");
    }

    private static ObjectNode object(String apiVersion, String kind, String name) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", apiVersion)
                .put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }
}
