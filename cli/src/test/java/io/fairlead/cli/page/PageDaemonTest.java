package io.fairlead.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.FairleadProcess;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real daemon's page, about a kernel that it has programmed. */
@Tag("kernel")
class PageDaemonTest {

    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath();

    @Test
    @Timeout(180)
    void theDaemonShowsWhatItHasWrittenAndExplainsAPacket() throws Exception {
        try (var node = NetworkNamespace.create("pagedaemon")) {
            var daemon = FairleadProcess.in(node)
                    .start(
                            "proxy",
                            "--manifests=" + EXAMPLES.resolve("three-nodes.yaml"),
                            "--cluster-cidr=10.244.0.0/16",
                            "--conntrack-max-per-core=0",
                            "--hostname-override=k8s1");
            Thread.ofVirtual().start(() -> {
                try (var lines = daemon.errorReader()) {
                    lines.lines().forEach(line -> System.err.println("daemon: " + line));
                } catch (IOException | UncheckedIOException e) {
                    System.err.println("daemon: " + e);
                }
            });
            try (var browser = Browser.start(node);
                    var tab = browser.open()) {
                awaitListening(node, daemon);
                tab.navigate("http://127.0.0.1:10247/");
                tab.awaitText("#pulse", "Synced");
                tab.awaitText("#rows", "kube-system/kube-dns:dns");
                tab.value("location.hash = '#/service/kube-system/kube-dns'");
                tab.awaitText("#detail", "10.244.2.21:53");
                tab.value("location.hash = '#/explain?from=10.244.0.7&to=kube-system/kube-dns:dns'");
                tab.awaitText("#answer .path", "KUBE-SVC-TCOU7JCQXEZGVUNU");
                assertThat(tab.text("#answer .outcomes")).contains("50 %", "10.244.0.5:53", "10.244.2.21:53");
                tab.value("location.hash = '#/history'");
                tab.awaitText("#history tbody", "IPv4");
                tab.value("location.hash = '#/warnings'");
                tab.awaitText("#warnings", "the kernel was what had been written to it");
                assertThat(tab.value("errors")).isEmpty();
            }
        }
    }

    private static void awaitListening(NetworkNamespace node, Process daemon) throws InterruptedException {
        while (!node.exec("ss", "-Hltn", "sport = :10247").contains("10247")) {
            assertThat(daemon.isAlive()).as("the daemon is running").isTrue();
            Thread.sleep(200);
        }
    }
}
