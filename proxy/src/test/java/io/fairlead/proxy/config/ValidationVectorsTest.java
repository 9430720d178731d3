package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.proxy.vectors.VectorFiles;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Upstream's own validation cases: same errors, same paths, same words, same order. */
class ValidationVectorsTest {

    private static final String FILE = "config/validation.json";
    private static final String ROOT = "KubeProxyConfiguration";

    @Test
    void wholeConfigurations() throws IOException {
        Vectors.run(
                FILE,
                Vectors.kind("Validate"),
                vector -> assertThat(ConfigValidator.validate(InternalConfig.of(vector.at("/config/internal"))))
                        .map(FieldError::toString)
                        .isEqualTo(messages(vector)));
    }

    @Test
    void iptables() throws IOException {
        part(
                "iptables",
                (vector, errors) -> ConfigValidator.masqueradeBit(
                        ROOT + ".KubeIPTablesConfiguration",
                        vector.at("/config/MasqueradeBit").asInt(),
                        errors));
    }

    @Test
    void ipvs() throws IOException {
        part(
                "ipvs",
                (vector, errors) -> ConfigValidator.ipvs(
                        ROOT + ".KubeIPVSConfiguration",
                        InternalConfig.ipvs(vector.path("config"), vector.at("/config/ExcludeCIDRs")),
                        errors));
    }

    @Test
    void linux() throws IOException {
        part(
                "linux",
                (vector, errors) -> ConfigValidator.linux(
                        ROOT + ".KubeProxyLinuxConfiguration",
                        InternalConfig.conntrack(vector.at("/config/Conntrack")),
                        vector.at("/config/OOMScoreAdj").asInt(),
                        errors));
    }

    @Test
    void proxyMode() throws IOException {
        part(
                "proxyMode",
                (vector, errors) ->
                        ConfigValidator.mode(ROOT, vector.path("mode").asText(), errors));
    }

    @Test
    void clientConnection() throws IOException {
        part(
                "clientConnection",
                (vector, errors) -> errors.atLeastZero(
                        ROOT + ".Burst", vector.at("/ccc/Burst").asInt()));
    }

    @Test
    void hostPort() throws IOException {
        part(
                "hostPort",
                (vector, errors) -> ConfigValidator.hostPort(
                        ROOT + ".HealthzBindAddress", vector.path("ip").asText(), errors));
    }

    @Test
    void nodePortAddresses() throws IOException {
        part(
                "nodePortAddresses",
                (vector, errors) -> ConfigValidator.nodePortAddresses(
                        ROOT + ".NodePortAddresses", VectorFiles.texts(vector.path("addresses")), errors));
    }

    @Test
    void ipvsExcludeCidrs() throws IOException {
        part(
                "ipvsExcludeCIDRs",
                (vector, errors) -> errors.cidrs(ROOT + ".ExcludeCIDRS", VectorFiles.texts(vector.path("addresses"))));
    }

    @Test
    void detectLocal() throws IOException {
        part(
                "detectLocal",
                (vector, errors) -> ConfigValidator.detectLocal(
                        ROOT + ".DetectLocal",
                        InternalConfig.detectLocal(vector.path("mode").asText(), vector.path("config")),
                        errors));
    }

    @Test
    void dualStackCidrs() throws IOException {
        part(
                "dualStackCIDRs",
                (vector, errors) -> ConfigValidator.dualStackCidrs(
                        ROOT + ".DualStackCIDRList", VectorFiles.texts(vector.path("cidrStrings")), errors));
    }

    private static void part(String kind, BiConsumer<JsonNode, FieldErrors> check) throws IOException {
        Vectors.run(FILE, Vectors.kind(kind), vector -> {
            var errors = new FieldErrors();
            check.accept(vector, errors);
            assertThat(errors.all()).map(FieldError::toString).isEqualTo(messages(vector));
        });
    }

    private static List<String> messages(JsonNode vector) {
        return VectorFiles.stream(vector.path("resultErrs"))
                .map(error -> error.path("message").asText())
                .toList();
    }
}
