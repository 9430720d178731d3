package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fairlead.proxy.vectors.VectorFiles;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Upstream's own cases of loading, defaulting and writing configurations. */
class LoadVectorsTest {

    private static final String OPTIONS = "config/options.json";
    private static final String SERVER = "config/server.json";

    @Test
    void loadsWhatUpstreamLoads() throws IOException {
        Vectors.run(OPTIONS, Vectors.kind("loadConfig"), vector -> {
            var config = ConfigReader.decode(vector.path("yaml").asText()).config();
            assertThat(config).isEqualTo(InternalConfig.of(vector.at("/expected/internal")));
            assertThat(new ObjectMapper(new YAMLFactory()).readTree(ConfigWriter.write(config)))
                    .isEqualTo(vector.at("/expected/v1alpha1"));
        });
    }

    @Test
    void refusesWhatUpstreamRefuses() throws IOException {
        Vectors.run(
                OPTIONS,
                Vectors.kind("loadConfigFailure"),
                vector -> assertThatThrownBy(
                                () -> ConfigReader.parse(vector.path("yaml").asText()))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining(
                                vector.path("expectedErrorContains").asText()));
    }

    @Test
    void hostnameOverride() throws IOException {
        Vectors.run(OPTIONS, Vectors.kind("hostnameOverride"), vector -> {
            String flag = vector.path("hostnameOverrideFlag").asText();
            String file = vector.path("configHostnameOverride").asText();
            if (vector.path("expectError").asBoolean()) {
                assertThatThrownBy(() -> NodeName.override(flag, file))
                        .hasMessage(vector.path("resultError").asText());
            } else {
                assertThat(NodeName.override(flag, file))
                        .isEqualTo(vector.path("expectedHostname").asText());
            }
        });
    }

    /** Upstream fills in the defaults of all modes' sections; what remains after conversion is the section in use. */
    @Test
    void defaults() throws IOException {
        Vectors.run("config/defaults.json", vector -> true, vector -> {
            var expected = vector.path("expected");
            for (String mode : new String[] {"", "ipvs", "nftables"}) {
                var original = (ObjectNode) vector.path("original");
                var config = ConfigReader.decode(original.put("mode", mode).toString())
                        .config();
                var written = new ObjectMapper(new YAMLFactory()).readTree(ConfigWriter.write(config));
                expected.properties().stream()
                        .filter(field -> inUse(field.getKey(), mode))
                        .forEach(field -> assertThat(written.path(field.getKey()))
                                .as(field.getKey())
                                .isEqualTo(field.getValue()));
            }
        });
    }

    private static boolean inUse(String field, String mode) {
        return switch (field) {
            case "mode" -> false;
            case "iptables" -> mode.isEmpty();
            case "ipvs", "nftables" -> field.equals(mode);
            default -> true;
        };
    }

    @Test
    void platformDefaults() throws IOException {
        Vectors.run(SERVER, Vectors.kind("platformApplyDefaults"), vector -> {
            var config = ConfigReader.decode("""
                    {"apiVersion": "kubeproxy.config.k8s.io/v1alpha1", "kind": "KubeProxyConfiguration",
                     "mode": %s, "detectLocalMode": %s}""".formatted(vector.path("mode"), vector.path("detectLocal")))
                    .config()
                    .withPlatformDefaults();
            assertThat(config.mode()).isEqualTo(vector.path("expectedMode").asText());
            assertThat(config.detectLocal().mode())
                    .isEqualTo(vector.path("expectedDetectLocal").asText());
        });
    }

    @Test
    void schemeTestDataIsWrittenByteForByte() throws IOException {
        var before = VectorFiles.file("config/scheme-testdata/before/v1alpha1.yaml");
        if (before.isEmpty()) {
            return;
        }
        String after = Files.readString(before.get().resolveSibling("../after/v1alpha1.yaml"));
        assertThat(ConfigWriter.write(ConfigReader.read(before.get()))).isEqualTo(after);
        assertThat(ConfigWriter.write(ConfigReader.parse(after))).isEqualTo(after);
        System.out.println("vectors config/scheme-testdata: 2 passed, 0 failed");
    }

    @Test
    void appendsPortsAsUpstream() throws IOException {
        Vectors.run(
                "proxy/util.json",
                Vectors.test("TestAppendPortIfNeeded"),
                vector -> assertThat(HostPort.appendPortIfNeeded(
                                vector.path("addr").asText(),
                                vector.path("port").asInt()))
                        .isEqualTo(expected(vector)));
    }

    private static String expected(JsonNode vector) {
        return vector.path("expect").asText();
    }
}
