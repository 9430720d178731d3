package io.fairlead.proxy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.proxy.config.ConntrackConfig;
import io.fairlead.proxy.config.GoDuration;
import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConntrackSysctlsTest {

    /** In the order in which they are written, by upstream's name for writing them. */
    private static final Map<String, String> SETTERS = Map.of(
            "SetTCPEstablishedTimeout", "nf_conntrack_tcp_timeout_established",
            "SetTCPCloseWaitTimeout", "nf_conntrack_tcp_timeout_close_wait",
            "SetTCPBeLiberal", "nf_conntrack_tcp_be_liberal",
            "SetUDPTimeout", "nf_conntrack_udp_timeout",
            "SetUDPStreamTimeout", "nf_conntrack_udp_timeout_stream");

    private static final String UNTOUCHED = "99";
    private static final ConntrackConfig NOTHING =
            new ConntrackConfig(0, 0, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO);

    private final VectorReport report = new VectorReport();

    @TempDir
    Path folder;

    private ConntrackSysctls conntrack;

    @AfterAll
    void printReport() {
        report.print();
    }

    @BeforeEach
    void machine() throws IOException {
        conntrack = new ConntrackSysctls(new Sysctls(folder.resolve("proc")), folder.resolve("sys"));
        Files.createDirectories(netfilter(""));
        Files.createDirectories(hashsize().getParent());
        Files.createDirectories(online().getParent());
        for (var name : SETTERS.values()) {
            Files.deleteIfExists(netfilter(name));
            Files.writeString(netfilter(name), UNTOUCHED + "\n");
        }
        Files.writeString(netfilter("nf_conntrack_max"), UNTOUCHED + "\n");
        Files.writeString(hashsize(), "16384\n");
        Files.writeString(online(), "0-1\n");
    }

    private Path netfilter(String name) {
        return folder.resolve("proc/sys/net/netfilter").resolve(name);
    }

    private Path hashsize() {
        return folder.resolve("sys/module/nf_conntrack/parameters/hashsize");
    }

    private Path online() {
        return folder.resolve("sys/devices/system/cpu/online");
    }

    @TestFactory
    Stream<DynamicTest> maximum() {
        return report.tests(
                "other/conntrack.json",
                vector -> vector.path("kind").asText().equals("getConntrackMax"),
                vector -> vector.path("test").asText() + " "
                        + vector.path("index").asInt(),
                (vector, run) -> run.compare(
                        "maximum",
                        () -> assertThat(ConntrackSysctls.max(
                                        limits(
                                                vector.path("maxPerCore").asInt(),
                                                vector.path("min").asInt()),
                                        vector.path("numCPU").asInt()))
                                .isEqualTo(vector.path("expected").asInt())));
    }

    @TestFactory
    Stream<DynamicTest> settings() {
        return report.tests(
                "other/conntrack.json",
                vector -> vector.path("kind").asText().equals("setSysctls"),
                vector -> vector.path("name").asText(),
                (vector, run) -> run.compare("calls", () -> assertCalls(vector)));
    }

    private void assertCalls(JsonNode vector) throws IOException {
        machine();
        var expected = VectorFiles.texts(vector.path("expectCalls"));
        if (vector.path("wantErr").asBoolean()) {
            var broken = netfilter(SETTERS.get(expected.getLast().replaceFirst("\\(.*", "")));
            Files.delete(broken);
            Files.createDirectory(broken);
            assertThatThrownBy(() -> conntrack.apply(config(vector.path("config"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(broken.getFileName().toString());
            return;
        }
        conntrack.apply(config(vector.path("config")));
        var calls = new ArrayList<String>();
        if (!read("nf_conntrack_max").equals(UNTOUCHED)) {
            calls.add("SetMax");
        }
        for (var setter : SETTERS.entrySet()) {
            if (!read(setter.getValue()).equals(UNTOUCHED)) {
                calls.add(setter.getKey() + "(" + read(setter.getValue()) + ")");
            }
        }
        assertThat(calls).containsExactlyInAnyOrderElementsOf(expected);
    }

    private String read(String name) throws IOException {
        return Files.readString(netfilter(name)).strip();
    }

    private static ConntrackConfig config(JsonNode json) {
        return new ConntrackConfig(
                json.path("MaxPerCore").asInt(),
                json.path("Min").asInt(),
                duration(json.path("TCPEstablishedTimeout")),
                duration(json.path("TCPCloseWaitTimeout")),
                json.path("TCPBeLiberal").asBoolean(),
                duration(json.path("UDPTimeout")),
                duration(json.path("UDPStreamTimeout")));
    }

    private static Duration duration(JsonNode json) {
        return json.isNull() ? Duration.ZERO : GoDuration.parse(json.asText());
    }

    private static ConntrackConfig limits(int maxPerCore, int min) {
        return new ConntrackConfig(maxPerCore, min, Duration.ZERO, Duration.ZERO, false, Duration.ZERO, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({
        "4, 131072", // the minimum
        "5, 163840",
        "32, 1048576",
        "33, 1048576", // the cap
    })
    void theDefaultsFollowTheCpus(int cpus, int expected) {
        assertThat(ConntrackSysctls.max(ConntrackConfig.DEFAULT, cpus)).isEqualTo(expected);
    }

    @Test
    void aMinimumAboveTheCapHoldsUnlessTheCapIsReached() {
        assertThat(ConntrackSysctls.max(limits(1, 2_000_000), 4)).isEqualTo(2_000_000);
        assertThat(ConntrackSysctls.max(limits(2_000_000, 3_000_000), 4)).isEqualTo(1_048_576);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0|1", "0-3|4", "0-3,6|5", "0,2-3,8-15|11"})
    void cpusAreTheMachines(String online, int expected) throws IOException {
        Files.writeString(online(), online + "\n");
        assertThat(conntrack.cpus()).isEqualTo(expected);
    }

    @Test
    void withoutSysfsTheRuntimesCountHasToDo() throws IOException {
        Files.writeString(online(), "all\n");
        assertThat(conntrack.cpus()).isEqualTo(Runtime.getRuntime().availableProcessors());
        Files.delete(online());
        assertThat(conntrack.cpus()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void theHashTableGrowsToAQuarterAndNeverShrinks() throws IOException {
        conntrack.apply(limits(1, 262_146));
        assertThat(read("nf_conntrack_max")).isEqualTo("262146");
        assertThat(hashsize()).hasContent("65536");
        conntrack.apply(limits(1, 1000));
        assertThat(hashsize()).hasContent("65536");
    }

    @Test
    void aReadOnlySysIsNoReasonNotToStart() throws IOException {
        Files.delete(hashsize());
        Files.createDirectory(hashsize());
        conntrack.apply(limits(1, 262_144));
        assertThat(read("nf_conntrack_max")).isEqualTo("262144");
    }

    @Test
    void fractionsOfASecondAreCutOff() throws IOException {
        conntrack.apply(new ConntrackConfig(
                0, 0, Duration.ofMillis(500), Duration.ofMillis(1999), false, Duration.ZERO, Duration.ZERO));
        assertThat(read("nf_conntrack_tcp_timeout_established")).isEqualTo("0");
        assertThat(read("nf_conntrack_tcp_timeout_close_wait")).isEqualTo("1");
    }

    @Test
    void whatHasItsValueIsNotWritten() throws IOException {
        Files.delete(netfilter("nf_conntrack_udp_timeout"));
        Files.writeString(netfilter("nf_conntrack_udp_timeout"), " 30\n");
        conntrack.apply(
                new ConntrackConfig(0, 0, Duration.ZERO, Duration.ZERO, false, Duration.ofSeconds(30), Duration.ZERO));
        assertThat(Files.readString(netfilter("nf_conntrack_udp_timeout"))).isEqualTo(" 30\n");
    }

    @Test
    void aSettingThatCannotBeMadeNamesTheFlagThatLeavesItAlone() throws IOException {
        Files.delete(netfilter("nf_conntrack_max"));
        Files.createDirectory(netfilter("nf_conntrack_max"));
        assertThatThrownBy(() -> conntrack.apply(ConntrackConfig.DEFAULT))
                .hasMessageContaining("net/netfilter/nf_conntrack_max to 131072")
                .hasMessageContaining("--conntrack-max-per-core=0");
        Files.delete(netfilter("nf_conntrack_max"));
    }

    @Test
    void withoutTheModuleTheRemedyIsToLoadIt() {
        var none = new ConntrackSysctls(new Sysctls(folder.resolve("none")), folder.resolve("sys"));
        assertThatThrownBy(() -> none.apply(ConntrackConfig.DEFAULT)).hasMessageContaining("module nf_conntrack");
    }

    @Test
    void nothingConfiguredIsNothingDone() throws IOException {
        conntrack.apply(NOTHING);
        assertThat(List.copyOf(SETTERS.values()))
                .allSatisfy(name -> assertThat(read(name)).isEqualTo(UNTOUCHED));
    }
}
