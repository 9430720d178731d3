package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.cluster.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("kernel")
class NetworkNamespaceTest {

    private Set<String> before = Set.of();

    @BeforeEach
    void rememberNamespaces() throws IOException {
        before = OwnNamespaces.list();
    }

    @AfterEach
    void noNamespaceIsLeft() throws IOException {
        assertThat(OwnNamespaces.list()).isEqualTo(before);
    }

    @Test
    void codeCalledRunsInsideAndTheCallerStaysOutside() throws IOException {
        try (var namespace = NetworkNamespace.create("one")) {
            var self = Path.of("/proc/thread-self/ns/net");
            var inside = namespace.call(() -> Files.readSymbolicLink(self));
            assertThat(inside).hasToString("net:[" + Files.getAttribute(namespace.file(), "unix:ino") + "]");
            assertThat(Files.readSymbolicLink(self)).isNotEqualTo(inside);
            assertThat(namespace.call(() -> namespace.call(() -> Files.readSymbolicLink(self))))
                    .isEqualTo(inside);
        }
    }

    @Test
    void whatCalledCodeThrowsIsThrownToTheCaller() {
        try (var namespace = NetworkNamespace.create("one")) {
            assertThatThrownBy(() -> namespace.call(() -> {
                        throw new IOException("inside");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("inside");
        }
    }

    @Test
    void programsRunInsideAndTheirErrorsAreTold() {
        try (var namespace = NetworkNamespace.create("one")) {
            assertThat(namespace.exec("ip", "-brief", "link")).startsWith("lo ").doesNotContain("eth0");
            assertThat(namespace.execWithInput("*filter\n-A INPUT -j DROP\nCOMMIT\n", "iptables-restore"))
                    .isEmpty();
            assertThat(namespace.exec("iptables", "-S", "INPUT")).contains("-A INPUT -j DROP");
            assertThatThrownBy(() -> namespace.exec("iptables", "-A", "NO-SUCH-CHAIN"))
                    .isInstanceOf(CommandFailedException.class)
                    .hasMessageContaining("ip netns exec " + namespace.name() + " iptables -A NO-SUCH-CHAIN")
                    .hasMessageContaining("exited with")
                    .hasMessageContaining("No chain/target/match by that name");
        }
    }

    @Test
    void anUnknownSysctlIsNamed() {
        try (var namespace = NetworkNamespace.create("one")) {
            namespace.sysctl(Map.of("net.ipv4.conf.all.route_localnet", "1"));
            assertThat(namespace.exec("sysctl", "-n", "net.ipv4.conf.all.route_localnet"))
                    .isEqualTo("1\n");
            assertThatThrownBy(() -> namespace.sysctl(Map.of("net.ipv4.no_such", "1")))
                    .hasMessageContaining("net.ipv4.no_such=1");
        }
    }

    @Test
    void closingEndsServersAndPrograms() throws Exception {
        var namespace = NetworkNamespace.create("one");
        var loopback = List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));
        for (var protocol : Protocol.values()) {
            Echo.start(protocol, namespace, "echo", loopback, 7777);
        }
        var program = namespace.start(new ProcessBuilder("sleep", "1000"));
        namespace.close();
        namespace.close();
        assertThat(program.isAlive()).isFalse();
        assertThat(Files.exists(namespace.file())).isFalse();
    }

    @Test
    void aFailedServerIsNamedAndLeavesNothing() {
        try (var namespace = NetworkNamespace.create("one")) {
            var foreign = List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("192.0.2.1"));
            for (var protocol : Protocol.values()) {
                assertThatThrownBy(() -> Echo.start(protocol, namespace, "echo", foreign, 7777))
                        .hasMessageContaining("192.0.2.1")
                        .hasMessageContaining(namespace.name());
                Echo.start(protocol, namespace, "echo", List.of(IpAddress.parse("127.0.0.1")), 7777)
                        .close();
            }
        }
    }

    @Test
    void aNamespaceThatIsNotOursAnyMoreIsLeftAlone() {
        var namespace = NetworkNamespace.create("one");
        Command.run(List.of("ip", "netns", "delete", namespace.name()), "");
        Command.run(List.of("ip", "netns", "add", namespace.name()), "");
        try {
            assertThatThrownBy(namespace::close).hasMessageContaining("left alone");
            assertThat(Files.exists(namespace.file())).isTrue();
        } finally {
            Command.run(List.of("ip", "netns", "delete", namespace.name()), "");
        }
    }

    @Test
    void aHostileRoleIsRefusedBeforeAnythingIsMade() {
        for (var role : List.of("", "a b", "../etc", "a\nnetns", "-x", "x".repeat(64))) {
            assertThatThrownBy(() -> NetworkNamespace.create(List.of("good", role)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void ifOneOfManyCannotBeMadeNoneIsLeft() {
        assertThatThrownBy(() -> NetworkNamespace.create(List.of("twin", "other", "twin")))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining("File exists");
    }
}
