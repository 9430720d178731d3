package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.apiserver.ApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process against an API server over TLS, in one network namespace, with the real iptables. */
@Tag("kernel")
class DaemonTest {

    @TempDir
    Path folder;

    private DaemonUnderTest daemon;
    private Process process;

    @BeforeEach
    void start() throws Exception {
        daemon = DaemonUnderTest.with("daemon", ApiServer.builder().tls().tokens("a-token"));
        process = daemon.start(Files.writeString(folder.resolve("kubeconfig"), daemon.server.kubeconfig("a-token")));
        daemon.awaitRules("default/web -> 10.244.0.1:80");
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void changesReachTheKernelAndDeletedServicesLeaveNothing() throws Exception {
        daemon.putService("api", "10.96.0.11", "10.244.0.2");
        daemon.awaitRules("default/api -> 10.244.0.2:80");
        daemon.putService("api", "10.96.0.11", "10.244.0.3");
        daemon.awaitRules("default/api -> 10.244.0.3:80");
        daemon.await(() -> !daemon.rules().contains("10.244.0.2"), "the old endpoint is still there");
        daemon.deleteService("api");
        daemon.await(() -> !daemon.rules().contains("default/api"), "the Service is still there");
    }

    @Test
    void rulesStayWhileTheServerIsAwayAndFollowItsSuccessor() throws Exception {
        var before = daemon.rules();
        daemon.server.stop();
        daemon.putService("late", "10.96.0.12", "10.244.0.4");
        Thread.sleep(2_000);
        assertThat(daemon.rules()).isEqualTo(before);
        daemon.restartServer();
        daemon.awaitRules("default/late -> 10.244.0.4:80");
        assertThat(daemon.rules()).contains("default/web");
    }

    @Test
    void aHistoryThatIsGoneIsListedAgainWithoutDroppingRules() throws Exception {
        daemon.server.stop();
        daemon.deleteService("web");
        daemon.putService("other", "10.96.0.13", "10.244.0.5");
        daemon.server.store().compact();
        daemon.restartServer();
        daemon.awaitRules("default/other -> 10.244.0.5:80");
        daemon.await(() -> !daemon.rules().contains("default/web"), "the deleted Service is still there");
    }

    @Test
    void aTableFlushedBySomebodyElseIsMended() throws Exception {
        var before = daemon.rules();
        for (var table : new String[] {"nat", "filter", "mangle"}) {
            daemon.namespace.exec("iptables", "-w", "-t", table, "-F");
            daemon.namespace.exec("iptables", "-w", "-t", table, "-X");
            daemon.await(() -> daemon.rules().equals(before), "not mended: " + table);
        }
    }

    @Test
    void anAlteredChainIsRewrittenWhenItsServiceChanges() throws Exception {
        daemon.namespace.exec("iptables", "-w", "-t", "nat", "-F", "KUBE-SERVICES");
        daemon.putService("web", "10.96.0.99", "10.244.0.1");
        daemon.awaitRules("-d 10.96.0.99/32");
        daemon.awaitRules("must be the last rule");
    }

    @Test
    void stoppingLeavesTheRulesAndEndsWithStatusZero() throws Exception {
        var before = daemon.rules();
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(daemon.rules()).isEqualTo(before);
    }
}
