package io.fairlead.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.lab.controlplane.ControlPlane;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The small kubectl prints what the real one prints. */
class SmallKubectlTest {

    @TempDir
    Path folder;

    private String run(ControlPlane plane, int status, String words) throws IOException {
        var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), plane.kubeconfig());
        var out = new ByteArrayOutputStream();
        assertThat(SmallKubectl.run(
                        kubeconfig, List.of(words.split(" ", -1)), new PrintStream(out, true, StandardCharsets.UTF_8)))
                .as(words)
                .isEqualTo(status);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPodIsRunExposedShownAndDeleted() throws Exception {
        try (var plane = ControlPlane.builder().start()) {
            assertThat(run(plane, 0, "run web --image=nginx")).isEqualTo("pod/web created\n");
            assertThat(run(plane, 1, "run web --image=nginx"))
                    .isEqualTo("Error from server (AlreadyExists): pods \"web\" already exists\n");
            assertThat(run(plane, 0, "expose pod web --name=front --port=3000 --target-port=80"))
                    .isEqualTo("service/front exposed\n");
            var services = Columns.of(run(plane, 0, "get svc"));
            assertThat(services.headers())
                    .containsExactly("NAME", "TYPE", "CLUSTER-IP", "EXTERNAL-IP", "PORT(S)", "AGE");
            assertThat(services.column("NAME")).containsExactly("front", "kubernetes");
            assertThat(services.column("PORT(S)")).containsExactly("3000/TCP", "443/TCP");
            assertThat(run(plane, 0, "describe svc front"))
                    .contains("Selector:          run=web\n", "TargetPort:        80/TCP\n");
            assertThat(run(plane, 0, "delete svc front")).isEqualTo("service \"front\" deleted\n");
            assertThat(run(plane, 1, "delete svc front"))
                    .isEqualTo("Error from server (NotFound): services \"front\" not found\n");
        }
    }

    @Test
    void whatItDoesNotKnowItNames() throws Exception {
        try (var plane = ControlPlane.builder().start()) {
            assertThat(run(plane, 1, "get nothing"))
                    .isEqualTo("error: the server doesn't have a resource type \"nothing\"\n");
            assertThat(run(plane, 1, "run web")).isEqualTo("error: required flag(s) \"image\" not set\n");
            assertThat(run(plane, 1, "get pods --sort-by=x")).isEqualTo("error: unknown flag: --sort-by\n");
            assertThat(run(plane, 1, "edit pod web")).contains("Install kubectl for more");
        }
    }

    @Test
    void endpointsAreDescribedInColumns() throws Exception {
        var endpoints = new ObjectMapper().readTree("""
                {"metadata":{"namespace":"kube-system","name":"kube-dns"},
                 "subsets":[{"addresses":[{"ip":"10.244.0.5"},{"ip":"10.244.2.21"}],
                   "ports":[{"name":"dns-tcp","port":53,"protocol":"TCP"},{"name":"metrics","port":9153,"protocol":"TCP"}]}]}""");
        assertThat(Description.endpoints(endpoints).lines())
                .containsSequence(
                        "  Addresses:          10.244.0.5,10.244.2.21",
                        "  NotReadyAddresses:  <none>",
                        "  Ports:",
                        "    Name     Port  Protocol",
                        "    ----     ----  --------",
                        "    dns-tcp  53    TCP",
                        "    metrics  9153  TCP");
    }
}
