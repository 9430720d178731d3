package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fairlead.lab.apiserver.ApiServer;
import io.fairlead.lab.apiserver.RequestLine;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ClusterRole of deploy/ against what a daemon asks for in its life: all of it, and nothing else. */
@Tag("kernel")
class RoleTest {

    private static final Path ROLE = Path.of("..", "deploy", "base", "rbac.yaml");
    private static final Pattern RESOURCE =
            Pattern.compile("/apis?(?:/([^/]+))?/v1/(?:namespaces/[^/]+/)?([a-z]+)(?:/[^/]+)?");

    @TempDir
    Path folder;

    @Test
    void theRoleAllowsWhatIsAskedForAndNothingElse() throws Exception {
        try (var daemon = DaemonUnderTest.with("role", ApiServer.builder().tls().tokens("a-token"));
                var taken = daemon.namespace.call(() -> new ServerSocket(0))) {
            var store = daemon.server.store();
            store.put(DaemonUnderTest.json("""
                    {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}}"""));
            // Its health check cannot listen, which is an event with every sync.
            store.put(DaemonUnderTest.json("""
                    {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"default","name":"balanced"},
                     "spec":{"type":"LoadBalancer","clusterIP":"10.96.0.20","clusterIPs":["10.96.0.20"],
                             "ipFamilies":["IPv4"],"externalTrafficPolicy":"Local","healthCheckNodePort":%d,
                             "ports":[{"port":80,"protocol":"TCP"}]}}""".formatted(taken.getLocalPort())));
            var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), daemon.server.kubeconfig("a-token"));
            daemon.start(kubeconfig, "--proxy-mode=nftables", "--nodeport-addresses=127.0.0.0/8");
            daemon.await(() -> daemon.healthz() == 200, "not healthy");
            daemon.awaitLog("Failed to start healthcheck");
            daemon.putService("another", "10.96.0.21", "10.244.0.4");
            var allowed = allowed();
            daemon.await(() -> asked(daemon).containsAll(allowed), "not everything that is allowed has been asked for");
            assertThat(asked(daemon)).isEqualTo(allowed);
            assertThat(daemon.log(line -> line.contains("Server rejected event")))
                    .isEmpty();
        }
    }

    private static Set<String> asked(DaemonUnderTest daemon) {
        var asked = new TreeSet<String>();
        for (var entry : daemon.server.requests().entries()) {
            asked.add(asked(entry.line()));
        }
        return asked;
    }

    private static String asked(RequestLine line) {
        var parts = RESOURCE.matcher(line.path());
        assertThat(parts.matches()).as("%s", line).isTrue();
        var verb =
                switch (line.method()) {
                    case "GET" -> line.isWatch() ? "watch" : "list";
                    case "POST" -> "create";
                    default -> line.method().toLowerCase(Locale.ROOT);
                };
        return verb + " " + (parts.group(1) == null ? "" : parts.group(1)) + "/" + parts.group(2);
    }

    private static Set<String> allowed() throws IOException {
        var allowed = new TreeSet<String>();
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(ROLE.toFile())) {
            for (var document : documents.readAll()) {
                for (var rule : document.path("rules")) {
                    for (var group : rule.path("apiGroups")) {
                        for (var resource : rule.path("resources")) {
                            rule.path("verbs")
                                    .forEach(verb -> allowed.add(
                                            verb.asText() + " " + group.asText() + "/" + resource.asText()));
                        }
                    }
                }
            }
        }
        return allowed;
    }
}
