package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.proxy.config.ConfigException;
import io.fairlead.proxy.config.LoggingConfig.VmoduleItem;
import io.fairlead.proxy.config.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class FlagsTest {

    @TempDir
    Path folder;

    @Test
    void noFlagsMeanTheDefaults() {
        assertThat(parse().config()).isEqualTo(ProxyConfig.DEFAULT.withPlatformDefaults());
    }

    @Test
    void flagsOfSeveralGroupsInAnyOrderAllCount() {
        var config = parse(
                        "--masquerade-all",
                        "-v=2",
                        "--iptables-min-sync-period=0",
                        "--cluster-cidr=10.0.0.0/8",
                        "--conntrack-min",
                        "0",
                        "--iptables-localhost-nodeports=false",
                        "--v",
                        "3")
                .config();
        assertThat(config.masqueradeAll()).isTrue();
        assertThat(config.minSyncPeriod()).isEqualTo(Duration.ZERO);
        assertThat(config.detectLocal().clusterCidrs()).containsExactly("10.0.0.0/8");
        assertThat(config.conntrack().min()).isZero();
        assertThat(config.conntrack().maxPerCore()).isEqualTo(32768);
        assertThat(config.iptables().localhostNodePorts()).isFalse();
        assertThat(config.iptables().masqueradeBit()).isEqualTo(14);
        assertThat(config.logging().verbosity()).isEqualTo(3);
    }

    @Test
    void listsAccumulate() {
        var config = parse(
                        "--nodeport-addresses=10.0.0.0/8,fd00::/64",
                        "--masquerade-all",
                        "--nodeport-addresses",
                        "192.168.0.0/16",
                        "--feature-gates=AllAlpha=true",
                        "--feature-gates",
                        "AllowServiceExternalIPs=f")
                .config();
        assertThat(config.nodePortAddresses()).containsExactly("10.0.0.0/8", "fd00::/64", "192.168.0.0/16");
        assertThat(config.featureGates()).isEqualTo(Map.of("AllAlpha", true, "AllowServiceExternalIPs", false));
    }

    @Test
    void emptyValuesChangeNothing() {
        var config = parse("--bind-address=", "--nodeport-addresses=", "--metrics-bind-address=", "--config=")
                .config();
        assertThat(config).isEqualTo(ProxyConfig.DEFAULT.withPlatformDefaults());
    }

    @Test
    void anEmptyClusterCidrIsRefused() {
        assertThatThrownBy(() -> parse("--cluster-cidr=").config())
                .hasMessage(
                        "failed validate: KubeProxyConfiguration.DetectLocalConfiguration.ClusterCIDRs[0]: "
                                + "Invalid value: \"\": must be a valid CIDR block (e.g. 10.100.0.0/16 or fde4:8dba:82e1::/48)");
    }

    @ParameterizedTest
    @CsvSource({
        "--healthz-port=0, '', 127.0.0.1:10249",
        "--healthz-bind-address=1.2.3.4, 1.2.3.4:10256, 127.0.0.1:10249",
        "--metrics-bind-address=fd00::1, 0.0.0.0:10256, [fd00::1]:10249",
    })
    void portsAreFilledIn(String flag, String healthz, String metrics) {
        var config = parse(flag).config();
        assertThat(config.healthzBindAddress()).isEqualTo(healthz);
        assertThat(config.metricsBindAddress()).isEqualTo(metrics);
    }

    @Test
    void theMetricsServerCannotBeSwitchedOff() {
        assertThatThrownBy(() -> parse("--metrics-port=0").config())
                .hasMessageContaining(
                        "KubeProxyConfiguration.MetricsBindAddress: Invalid value: \"\": must be IP:port");
    }

    @Test
    void syncPeriodFlagsGoByMode() {
        String[] flags = {
            "--iptables-sync-period=36s",
            "--iptables-min-sync-period=3s",
            "--ipvs-sync-period=16s",
            "--ipvs-min-sync-period=7s",
            "--proxy-mode=nftables"
        };
        assertThat(parse(flags).config().syncPeriod()).hasSeconds(36);
        flags[4] = "--proxy-mode=ipvs";
        assertThat(parse(flags).config().syncPeriod()).hasSeconds(16);
        assertThat(parse(flags).config().minSyncPeriod()).hasSeconds(7);
    }

    @Test
    void nftablesModeListensOnPrimaryAddressesByDefault() {
        assertThat(parse("--proxy-mode=nftables").config().nodePortAddresses()).containsExactly("primary");
    }

    @Test
    void ipvsIsValidButNotRun() {
        var command = parse("--proxy-mode=ipvs");
        var config = command.config();
        assertThatThrownBy(() -> command.invocation(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("use --proxy-mode=nftables or --proxy-mode=iptables");
    }

    @Test
    void aFileBeatsAllFlagsButHostnameAndLogging() throws IOException {
        String file = file("""
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: nftables
                hostnameOverride: from-file
                logging:
                  verbosity: 1
                  vmodule:
                  - filePattern: foo
                    verbosity: 6
                """);
        var config = parse(
                        "--config",
                        file,
                        "--proxy-mode=iptables",
                        "--masquerade-all",
                        "--metrics-port=0",
                        "--hostname-override= Bar ",
                        "-v=7",
                        "--vmodule=goo=8")
                .config();
        assertThat(config.mode()).isEqualTo("nftables");
        assertThat(config.masqueradeAll()).isFalse();
        assertThat(config.metricsBindAddress()).isEqualTo("127.0.0.1:10249");
        assertThat(config.hostnameOverride()).isEqualTo("bar");
        assertThat(config.logging().verbosity()).isEqualTo(7);
        assertThat(config.logging().vmodule()).containsExactly(new VmoduleItem("goo", 8), new VmoduleItem("foo", 6));
    }

    @Test
    void invocationHoldsWhatWasAsked() {
        var command = parse(
                "--manifests",
                "a.yaml",
                "b",
                "--once",
                "--manifests=c",
                "--hostname-override=Node-1",
                "--master=https://api:6443");
        var invocation = command.invocation(command.config());
        assertThat(invocation.manifests()).containsExactly(Path.of("a.yaml"), Path.of("b"), Path.of("c"));
        assertThat(invocation.once()).isTrue();
        assertThat(invocation.nodeName()).isEqualTo("node-1");
        assertThat(invocation.master()).isEqualTo(Optional.of("https://api:6443"));
    }

    private static ProxyCommand parse(String... flags) {
        var command = new ProxyCommand();
        new CommandLine(command).setOverwrittenOptionsAllowed(true).parseArgs(flags);
        return command;
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), text).toString();
    }
}
