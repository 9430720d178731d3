package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    private static final String HEADER = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

    private static ProxyConfig read(String text) {
        return ConfigReader.decode(HEADER + text).config();
    }

    @Test
    void anEmptyDocumentMeansTheDefaults() {
        assertThat(read("")).isEqualTo(ProxyConfig.DEFAULT);
    }

    @Test
    void whatKubeadmWritesMeansTheDefaults() {
        var config = read("""
                bindAddress: 0.0.0.0
                bindAddressHardFail: false
                clientConnection: {acceptContentTypes: "", burst: 0, contentType: "", kubeconfig: "", qps: 0}
                clusterCIDR: ""
                configSyncPeriod: 0s
                conntrack:
                  maxPerCore: null
                  min: null
                  tcpBeLiberal: false
                  tcpCloseWaitTimeout: null
                  tcpEstablishedTimeout: null
                  udpStreamTimeout: 0s
                  udpTimeout: 0s
                detectLocalMode: ""
                healthzBindAddress: ""
                hostnameOverride: ""
                iptables: {localhostNodePorts: null, masqueradeBit: null, minSyncPeriod: 0s, syncPeriod: 0s}
                ipvs: {excludeCIDRs: null, minSyncPeriod: 0s, syncPeriod: 0s}
                logging: {flushFrequency: 0, options: {json: {infoBufferSize: "0"}, text: {infoBufferSize: "0"}}, verbosity: 0}
                metricsBindAddress: ""
                mode: ""
                nftables: {masqueradeBit: null, minSyncPeriod: 0s, syncPeriod: 0s}
                nodePortAddresses: null
                oomScoreAdj: null
                portRange: ""
                """);
        assertThat(config).isEqualTo(ProxyConfig.DEFAULT);
        assertThat(ConfigValidator.validate(config)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1, 2, true, 1",
        "iptables, 1, 2, true, 1",
        "Iptables, 1, 2, true, 1",
        "ipvs, 3, 4, true, 1",
        "nftables, 5, 6, false, 2",
    })
    void theModeSaysWhichSectionCounts(String mode, int min, int period, boolean masqueradeAll, int mark) {
        var config = read("""
                mode: "%s"
                iptables: {minSyncPeriod: 1s, syncPeriod: 2s, masqueradeAll: true, masqueradeBit: 0}
                ipvs: {minSyncPeriod: 3s, syncPeriod: 4s}
                nftables: {minSyncPeriod: 5s, syncPeriod: 6s, masqueradeBit: 1}
                """.formatted(mode));
        assertThat(config.minSyncPeriod()).hasSeconds(min);
        assertThat(config.syncPeriod()).hasSeconds(period);
        assertThat(config.masqueradeAll()).isEqualTo(masqueradeAll);
        assertThat(config.masqueradeMark()).isEqualTo(mark);
    }

    @Test
    void explicitZerosOfPointerFieldsAreKept() {
        var config = read("iptables: {masqueradeBit: 0, localhostNodePorts: false}\noomScoreAdj: 0\n"
                + "conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}");
        assertThat(config.iptables()).isEqualTo(new IptablesConfig(0, false));
        assertThat(config.oomScoreAdj()).isZero();
        assertThat(config.conntrack())
                .isEqualTo(
                        new ConntrackConfig(0, 0, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({
        "'::', [::]:10256, [::1]:10249",
        "garbage, [::]:10256, [::1]:10249",
        "10.0.0.1, 0.0.0.0:10256, 127.0.0.1:10249",
    })
    void serverAddressesFollowTheBindAddress(String bindAddress, String healthz, String metrics) {
        var config = read("bindAddress: '" + bindAddress + "'");
        assertThat(config.healthzBindAddress()).isEqualTo(healthz);
        assertThat(config.metricsBindAddress()).isEqualTo(metrics);
    }

    @Test
    void unknownAndRepeatedFieldsAreReportedAndTheLastOneWins() {
        var decoded = ConfigReader.decode(
                HEADER + "foo: 1\niptables: {bogus: 2}\nBindAddress: 1.1.1.1\nmode: ipvs\nmode: nftables");
        assertThat(decoded.config().mode()).isEqualTo("nftables");
        assertThat(decoded.config().bindAddress()).isEqualTo("0.0.0.0");
        assertThat(decoded.strictError())
                .hasValue("strict decoding error: yaml: unmarshal errors:\n  line 7: key \"mode\" already set in map, "
                        + "unknown field \"BindAddress\", unknown field \"foo\", unknown field \"iptables.bogus\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bindAddressHardFail: \"x\" | json: cannot unmarshal string into Go struct field KubeProxyConfiguration.bindAddressHardFail of type bool",
                "configSyncPeriod: 15 | json: cannot unmarshal number into Go struct field KubeProxyConfiguration.configSyncPeriod of type string",
                "configSyncPeriod: 15parsecs | time: unknown unit \"parsecs\" in duration \"15parsecs\"",
                "oomScoreAdj: 99999999999 | json: cannot unmarshal number 99999999999 into Go struct field KubeProxyConfiguration.oomScoreAdj of type int32",
                "iptables: 3 | json: cannot unmarshal number into Go struct field KubeProxyConfiguration.iptables of type KubeProxyIPTablesConfiguration",
                "nodePortAddresses: primary | json: cannot unmarshal string into Go struct field KubeProxyConfiguration.nodePortAddresses of type []string",
                "iptables: {masqueradeBit: [1]} | KubeProxyIPTablesConfiguration.iptables.masqueradeBit of type int32",
                "clientConnection: {qps: .nan} | clientConnection.qps of type float32",
                "logging: {options: {text: {infoBufferSize: many}}} | is not a quantity",
            })
    void wrongTypesAreFatalAndNameTheField(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("failed to decode: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'', Object 'Kind' is missing in ''",
        "'kind: KubeProxyConfiguration', Object 'apiVersion' is missing in",
        "'[]', Object 'Kind' is missing in '[]'",
        "'{kind: KubeProxyConfiguration, apiVersion: kubeproxy.config.k8s.io/v1beta9}', for version \"kubeproxy.config.k8s.io/v1beta9\"",
    })
    void otherDocumentsAreRefused(String text, String message) {
        assertThatThrownBy(() -> ConfigReader.parse(text)).hasMessageContaining(message);
    }

    @Test
    void onlyTheFirstDocumentCounts() {
        assertThat(read("mode: nftables\n---\nmode: [broken\n").mode()).isEqualTo("nftables");
    }

    @Test
    void jsonWithTabsIsRead() {
        assertThat(ConfigReader.parse("{\n\t\"kind\": \"KubeProxyConfiguration\",\n\t\"apiVersion\":"
                                + " \"kubeproxy.config.k8s.io/v1alpha1\",\n\t\"mode\": \"nftables\"}")
                        .mode())
                .isEqualTo("nftables");
    }

    @Test
    void anchorsAndYamlBooleansAreUnderstood() {
        var config = read(
                "mode: nftables\niptables: &periods {syncPeriod: 5s}\nnftables: *periods\nenableProfiling: yes\n"
                        + "nodePortAddresses: [10.0.0.0/8]\nfeatureGates: {AllAlpha: true}\nlogging: {flushFrequency: 1000000000}");
        assertThat(config.syncPeriod()).hasSeconds(5);
        assertThat(config.enableProfiling()).isTrue();
        assertThat(config.nodePortAddresses()).isEqualTo(List.of("10.0.0.0/8"));
        assertThat(config.featureGates()).isEqualTo(Map.of("AllAlpha", true));
        assertThat(ConfigWriter.write(config))
                .contains("flushFrequency: 1000000000\n")
                .contains("AllAlpha: true\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a: *b", "a: &a [*a]", "{", "\t- x", "? [", "%YAML 9"})
    void hostileTextIsRefusedInOneSentence(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigException.class);
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> read("a: " + "[".repeat(100_000))).isInstanceOf(ConfigException.class);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ConfigReader.read(Path.of("/nonexistent.yaml")))
                .hasMessage("open /nonexistent.yaml: no such file or directory");
    }
}
