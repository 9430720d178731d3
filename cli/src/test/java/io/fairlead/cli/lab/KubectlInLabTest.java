package io.fairlead.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.fairlead.netfilter.ip.IpAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stock kubectl and pods that really run. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KubectlInLabTest {

    private LabWorld world;

    @TempDir
    Path folder;

    @BeforeAll
    void start() throws Exception {
        assumeFalse(StockKubectl.installed().isEmpty(), "no kubectl on the PATH, and FAIRLEAD_KUBECTL names none");
        world = LabWorld.start("iptables");
    }

    @AfterAll
    void end() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    static List<Path> kubectls() {
        // JUnit wants at least one; without any the class is skipped.
        return StockKubectl.installed().isEmpty() ? List.of(Path.of("kubectl")) : StockKubectl.installed();
    }

    private StockKubectl stock() throws Exception {
        return stock(StockKubectl.installed().getFirst());
    }

    private StockKubectl stock(Path program) throws Exception {
        return StockKubectl.of(program, folder, world.lab().directory().kubeconfig());
    }

    private static void await(String what, Supplier<String> text, String part) throws Exception {
        LabWorld.await(what, () -> text.get().contains(part));
    }

    private static Supplier<String> asking(StockKubectl kubectl, String commandLine) {
        return () -> {
            try {
                return kubectl.run(commandLine);
            } catch (Exception e) {
                throw new IllegalStateException(commandLine, e);
            }
        };
    }

    // First, since kubelets give the article's numbers to their first pods.
    @Order(1)
    @ParameterizedTest
    @MethodSource("kubectls")
    void theArticlesSessionPrintsWhatItPrintedThere(Path program) throws Exception {
        var kubectl = stock(program);
        boolean first = program.equals(kubectls().getFirst());
        same(ArticleTables.NODES, kubectl.run("kubectl get nodes -o wide"));
        same(ArticleTables.SYSTEM_PODS, kubectl.run("kubectl get pods -n kube-system"));
        var proxy = kubectl.run("kubectl get pods -n kube-system -o name | grep kube-proxy | head -1 | cut -d/ -f2")
                .strip();
        assertThat(kubectl.run("kubectl logs " + proxy + " -n kube-system")).contains("Using iptables Proxier");

        assertThat(kubectl.run("kubectl run nginx --image=nginx")).isEqualTo("pod/nginx created\n");
        world.awaitReady();
        if (first) {
            same(ArticleTables.POD, kubectl.run("kubectl get pods nginx -o wide"));
        }
        assertThat(kubectl.run("kubectl expose pod nginx --name=my-nginx-svc --port=3000 --target-port=80"))
                .isEqualTo("service/my-nginx-svc exposed\n");
        same(ArticleTables.SERVICES, kubectl.run("kubectl get svc"));
        await("an endpoint", asking(kubectl, "kubectl get ep my-nginx-svc"), ":80 ");
        if (first) {
            same(ArticleTables.ENDPOINTS, kubectl.run("kubectl get ep"));
        }
        assertThat(kubectl.run("kubectl delete service my-nginx-svc")).startsWith("service \"my-nginx-svc\" deleted");

        same(ArticleTables.DNS_ENDPOINTS, kubectl.run("kubectl get ep kube-dns -n kube-system"));
        assertThat(ArticleTables.lines(kubectl.run("kubectl describe ep kube-dns -n kube-system")))
                .isEqualTo(ArticleTables.DESCRIBED_ENDPOINTS);
        same(
                ArticleTables.DNS_PODS,
                kubectl.run("kubectl get pods -n kube-system -o wide | head -1;"
                        + " kubectl get pods -n kube-system -o wide | grep coredns | sort -k 7"));
        same(ArticleTables.DNS_SERVICE, kubectl.run("kubectl get svc -n kube-system"));
        assertThat(ArticleTables.lines(kubectl.run("kubectl describe svc -n kube-system")))
                .isEqualTo(ArticleTables.DESCRIBED_SERVICE);
        kubectl.run("kubectl delete pod nginx --now");
    }

    private static void same(ArticleTables article, String shown) {
        assertThat(article.differences(shown)).as(shown).isEmpty();
    }

    @Test
    void anUnknownImageIsSeenInPodsAndEvents() throws Exception {
        var kubectl = stock();
        assertThat(kubectl.run("kubectl run typo --image=ngnix")).isEqualTo("pod/typo created\n");
        await("the first try", asking(kubectl, "kubectl get events"), "Error: ErrImagePull");
        await("the second", asking(kubectl, "kubectl get pods typo"), "ImagePullBackOff");
        var pods = Columns.of(kubectl.run("kubectl get pods typo"));
        assertThat(pods.column("READY")).containsExactly("0/1");
        assertThat(pods.column("RESTARTS")).containsExactly("0");
        assertThat(kubectl.run("kubectl get events --field-selector involvedObject.name=typo"))
                .contains("Pulling image \"ngnix\"")
                .contains("Failed to pull image \"ngnix\": not found; the lab has coredns, echo, fairlead,")
                .contains("Back-off pulling image \"ngnix\"")
                .contains("Error: ImagePullBackOff");
        assertThat(kubectl.run("kubectl describe pod typo"))
                .containsPattern("State: +Waiting\\s+Reason: +(ImagePullBackOff|ErrImagePull)");
        assertThat(kubectl.run("kubectl logs typo"))
                .isEqualTo("Error from server (BadRequest): container \"typo\" in pod \"typo\" is waiting to start:"
                        + " trying and failing to pull image\n");
        kubectl.run("kubectl delete pod typo --now");
    }

    @Test
    void aLogIsFollowedUntilItsContainerEnds() throws Exception {
        var kubectl = stock();
        kubectl.run("kubectl run web --image=nginx");
        world.awaitReady();
        var address = kubectl.run("kubectl get pod web -o 'jsonpath={.status.podIP}'");
        try (var log = kubectl.start("kubectl logs -f web")) {
            ask(address, "/first");
            log.await("GET /first HTTP/1.1");
            ask(address, "/second");
            log.await("GET /second HTTP/1.1");
            kubectl.run("kubectl delete pod web");
            assertThat(log.process().waitFor()).isZero();
        }
        assertThat(kubectl.run("kubectl logs web"))
                .isEqualTo("error: error from server (NotFound): pods \"web\" not found in namespace \"default\"\n");
    }

    private void ask(String address, String path) throws Exception {
        try (var channel = world.node("k8s1").namespace().call(() -> SocketChannel.open())) {
            var socket = channel.socket();
            socket.connect(new InetSocketAddress(IpAddress.parse(address).toInetAddress(), 80));
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }
    }

    @Test
    void theLogOfTheRunBeforeIsShownWhenAskedFor() throws Exception {
        var kubectl = stock();
        kubectl.run("kubectl run once --image=echo");
        world.awaitReady();
        assertThat(kubectl.run("kubectl logs --previous once"))
                .isEqualTo("Error from server (BadRequest): previous terminated container \"once\" in pod \"once\" not"
                        + " found\n");
        // A proxy that only says its version ends at once, and is started again.
        kubectl.run("kubectl run ends --image=fairlead -- --version");
        await("a restart", asking(kubectl, "kubectl get pods ends"), "CrashLoopBackOff");
        assertThat(kubectl.run("kubectl logs --previous ends")).contains("in place of kube-proxy");
        assertThat(Columns.of(kubectl.run("kubectl get pods ends"))
                        .column("RESTARTS")
                        .getFirst())
                .matches("[1-9]\\d* \\(\\d+s ago\\)");
        kubectl.run("kubectl delete pod once ends --now");
    }

    @Test
    void watchedPodsAppearRowByRow() throws Exception {
        var kubectl = stock();
        try (var watch = kubectl.start("kubectl get pods -w")) {
            kubectl.run("kubectl run seen --image=nginx");
            world.awaitReady();
            watch.await("Running");
            kubectl.run("kubectl delete pod seen --now");
            watch.await("Terminating");
            var rows = watch.text()
                    .lines()
                    .filter(line -> line.startsWith("seen "))
                    .toList();
            assertThat(rows.getFirst()).containsPattern("seen +0/1 +Pending +0 ");
            assertThat(watch.text().lines().filter(line -> line.startsWith("NAME")))
                    .hasSize(1);
            assertThat(watch.text()).containsPattern("seen +1/1 +Running +0 ");
        }
    }
}
