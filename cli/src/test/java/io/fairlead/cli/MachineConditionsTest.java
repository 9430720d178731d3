package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.apiserver.ApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon on a machine that withholds something (a read-only /sys by itself is in ConntrackSysctlsTest). */
@Tag("kernel")
class MachineConditionsTest {

    private static final String READ_ONLY_SYS =
            "mount -t sysfs -o ro sysfs /sys 2>/dev/null || mount -o remount,ro /sys\n";
    private static final String READ_ONLY_PROC_SYS =
            "mount --bind /proc/sys /proc/sys\nmount -o remount,bind,ro /proc/sys\n";
    private static final String NO_CONNTRACK = "mount -t tmpfs -o ro none /proc/sys/net/netfilter\n";

    /** Whoever cannot set kernel limits says so with these. */
    private static final List<String> LEAVE_LIMITS = List.of(
            "--conntrack-tcp-timeout-established=0",
            "--conntrack-tcp-timeout-close-wait=0",
            "--iptables-localhost-nodeports=false");

    @TempDir
    Path folder;

    private DaemonUnderTest daemon;
    private Path kubeconfig;

    @BeforeEach
    void serve() throws Exception {
        daemon = DaemonUnderTest.with("machine", ApiServer.builder().tls().tokens("a-token"));
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), daemon.server.kubeconfig("a-token"));
    }

    @AfterEach
    void close() {
        daemon.close();
    }

    @Test
    void onReadOnlyFileSystemsItRunsWhenItNeedNotWriteThere() throws Exception {
        start(READ_ONLY_SYS + READ_ONLY_PROC_SYS, LEAVE_LIMITS);
        daemon.awaitRules("default/web -> 10.244.0.1:80");
    }

    @Test
    void onReadOnlyProcSysItSaysWhichFlagLeavesTheSettingAlone() throws Exception {
        var process = start(READ_ONLY_PROC_SYS, List.of());
        daemon.awaitLog(
                "could not set conntrack parameters from kube-proxy configuration: could not set net/netfilter/");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(daemon.log().getLast()).contains("--conntrack-tcp-timeout-");
    }

    @Test
    void withoutTheConntrackModuleItRunsWhenItNeedNotSetIt() throws Exception {
        start(NO_CONNTRACK, LEAVE_LIMITS);
        daemon.awaitRules("default/web -> 10.244.0.1:80");
    }

    @Test
    void withoutTheConntrackModuleItSaysWhatToDo() throws Exception {
        var process = start(NO_CONNTRACK, List.of());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        daemon.awaitLog("could not set conntrack parameters from kube-proxy configuration");
    }

    @Test
    void withoutIptablesTheStartFails() throws Exception {
        var process = start("mount --bind /bin/false \"$(readlink -f /usr/sbin/iptables)\"\n", LEAVE_LIMITS);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        daemon.awaitLog("iptables is not available on this host");
    }

    @Test
    void withIpv6SwitchedOffItRunsWithIpv4Alone() throws Exception {
        daemon.namespace.exec("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1");
        start("", LEAVE_LIMITS);
        daemon.awaitLog("\"Kernel support disabled for family\" ipFamily=\"IPv6\"");
        daemon.awaitLog("\"kube-proxy running in single-stack mode\" ipFamily=\"IPv4\"");
        daemon.awaitRules("default/web -> 10.244.0.1:80");
    }

    @Test
    void aPortThatIsTakenEndsItWithAnEventWhenThatIsWanted() throws Exception {
        daemon.server.store().put(DaemonUnderTest.json("""
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"default"}}"""));
        var taken = daemon.namespace.call(() ->
                new java.net.ServerSocket(10249, 1, java.net.InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        try (taken) {
            var process = start("", List.of("--bind-address-hard-fail"));
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
        }
        assertThat(daemon.server.requests().entries())
                .anyMatch(entry -> entry.line().toString().startsWith("POST /apis/events.k8s.io/v1/namespaces/default")
                        && entry.status() == 201);
    }

    private Process start(String script, List<String> flags) throws Exception {
        var program = FairleadProcess.in(daemon.namespace);
        return daemon.start(
                script.isEmpty() ? program : program.after(script),
                kubeconfig,
                new ArrayList<>(flags).toArray(String[]::new));
    }
}
