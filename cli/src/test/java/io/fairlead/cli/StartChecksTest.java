package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.node.ConntrackSysctls;
import io.fairlead.proxy.node.Sysctls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** What is said and refused once the Node is known (spec: process, sections 3.2 to 3.7). */
class StartChecksTest {

    private static final String NO_CONNTRACK = "--conntrack-max-per-core=0 --conntrack-tcp-timeout-established=0"
            + " --conntrack-tcp-timeout-close-wait=0 ";
    private static final List<IpFamily> BOTH = List.of(IpFamily.values());
    private static final List<IpFamily> V4_ONLY = List.of(IpFamily.IPV4);

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(StartChecks.class);

    @BeforeEach
    void capture() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void release() {
        logger.detachAppender(log);
    }

    @Test
    void aUsualStartSaysWhatKubeProxySays() throws Exception {
        run("--cluster-cidr=10.244.0.0/16", node("10.0.0.5", "fd00::5"), BOTH);
        assertThat(lines())
                .containsExactly(
                        "INFO Successfully retrieved NodeIPs NodeIPs=[10.0.0.5, fd00::5]",
                        "ERROR Kube-proxy configuration may be incomplete or incorrect err=nodePortAddresses is unset;"
                                + " NodePort connections will be accepted on all local IPs. Consider using"
                                + " `--nodeport-addresses primary`",
                        "INFO kube-proxy running in dual-stack mode primary ipFamily=IPv4");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // flags | Node's address | Pod CIDR | families | logged
                "--cluster-cidr=10.0.0.0/8 | 10.0.0.5 | | IPv4 | kube-proxy running in single-stack mode ipFamily=IPv4",
                "--detect-local-mode=ClusterCIDR | 10.0.0.5 | | IPv4 | Detect-local-mode set to ClusterCIDR, but no cluster CIDR specified for primary IP family ipFamily=IPv4 clusterCIDRs=",
                "--cluster-cidr=fd00::/48 | 10.0.0.5 | | both | err=cluster is IPv4-primary but clusterCIDRs contains only IPv6 addresses",
                "--detect-local-mode=BridgeInterface --pod-bridge-interface=br0 --healthz-bind-address=[fd00::1]:10256 | 10.0.0.5 | | IPv4 | err=cluster is IPv4-only but healthzBindAddress is IPv6",
                "--nodeport-addresses=fd00::/64 --cluster-cidr=10.0.0.0/8 | 10.0.0.5 | | both | err=cluster appears to be IPv4-primary but nodePortAddresses contains only IPv6 addresses; NodePort connections will be accepted on all local IPv4 IPs",
                "--cluster-cidr=10.0.0.0/8 | | | both | Can't determine this node's IP, assuming loopback; if this is incorrect, please set the --bind-address flag",
                "--detect-local-mode=NodeCIDR | 10.0.0.5 | 10.244.1.0/24 | both | kube-proxy running in dual-stack mode",
            })
    void whatDoesNotFitIsSaid(
            String flags, @Nullable String address, @Nullable String podCidr, String families, String expected)
            throws Exception {
        run(flags, node(address, podCidr, true), families.equals("both") ? BOTH : V4_ONLY);
        assertThat(String.join("\n", lines())).contains(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--cluster-cidr=fd00::/48 | 10.0.0.5 | | kube-proxy configuration is incorrect: cluster is IPv4-only but clusterCIDRs contains only IPv6 addresses",
                "--detect-local-mode=NodeCIDR | 10.0.0.5 | fd00::/64 | kube-proxy configuration is incorrect: cluster is IPv4-only but node.spec.podCIDRs contains only IPv6 addresses",
                "--detect-local-mode=NodeCIDR | 10.0.0.5 | | timeout waiting for PodCIDR allocation on node \"node-1\"",
                "--detect-local-mode=NodeCIDR | | | timeout waiting for node \"node-1\" to exist",
                "--conntrack-udp-timeout=30s | 10.0.0.5 | | could not set conntrack parameters from kube-proxy configuration: could not set net/netfilter/nf_conntrack_udp_timeout to 30",
            })
    void whatCannotWorkIsRefused(String flags, @Nullable String address, @Nullable String podCidr, String expected) {
        assertThatThrownBy(() -> run(flags, node(address, podCidr, false), V4_ONLY))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(expected);
    }

    private void run(String flags, Optional<Node> node, List<IpFamily> families) throws StartException {
        var command = new ProxyCommand();
        new CommandLine(command).parseArgs((NO_CONNTRACK + flags).split(" "));
        var invocation = new ProxyInvocation(
                command.config(), "node-1", List.of(), false, false, "v1.36.2", Optional.empty(), Optional.empty(), 0);
        var machine = new ConntrackSysctls(new Sysctls(folder), folder);
        StartChecks.run(invocation, node, true, families, machine);
    }

    private static Optional<Node> node(String... addresses) {
        return Optional.of(
                new Node("node-1", Stream.of(addresses).map(IpAddress::parse).toList(), List.of(), Optional.empty()));
    }

    /** @param always there is a Node even without an address */
    private static Optional<Node> node(@Nullable String address, @Nullable String podCidr, boolean always) {
        if (address == null && !always) {
            return Optional.empty();
        }
        return Optional.of(new Node(
                "node-1",
                Stream.ofNullable(address).map(IpAddress::parse).toList(),
                Stream.ofNullable(podCidr).map(IpPrefix::parse).toList(),
                Optional.empty()));
    }

    private List<String> lines() {
        return log.list.stream()
                .map(event -> {
                    var line = new StringBuilder()
                            .append(event.getLevel())
                            .append(' ')
                            .append(event.getMessage());
                    if (event.getKeyValuePairs() != null) {
                        event.getKeyValuePairs()
                                .forEach(pair -> line.append(' ')
                                        .append(pair.key)
                                        .append('=')
                                        .append(pair.value));
                    }
                    return line.toString();
                })
                .toList();
    }
}
