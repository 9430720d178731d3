package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fairlead.netfilter.Goldens;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RulesetTest {

    private static final Ruleset EMPTY = Ruleset.empty(IpFamily.IPV4);

    @ParameterizedTest
    @MethodSource("io.fairlead.netfilter.iptables.GoldenTextTest#saves")
    void recordedListingPrintsBackByteForByte(Map.Entry<String, String> golden) {
        var family = golden.getKey().contains(".v4.") ? IpFamily.IPV4 : IpFamily.IPV6;
        assertThat(Ruleset.parse(family, golden.getValue()).toString()).isEqualTo(golden.getValue());
    }

    /** kube-proxy adds jumps and canaries by other commands, so only its own chains are compared. */
    @ParameterizedTest
    @MethodSource("clusters")
    void recordedRestoreGivesTheRecordedListing(String cluster) throws Exception {
        for (var version : new String[] {"v4", "v6"}) {
            var family = version.equals("v4") ? IpFamily.IPV4 : IpFamily.IPV6;
            var restore = Goldens.files(cluster + "/restore." + version + ".txt")
                    .values()
                    .iterator()
                    .next();
            var save = Goldens.files(cluster + "/iptables-save." + version + ".txt")
                    .values()
                    .iterator()
                    .next();
            var listed = Ruleset.parse(family, save);
            var applied = EMPTY.family() == family
                    ? EMPTY.apply(script(restore))
                    : Ruleset.empty(family).apply(script(restore));
            for (var table : applied.tables()) {
                for (var chain : applied.chains(table)) {
                    if (chain.startsWith("KUBE-")) {
                        assertThat(applied.rules(table, chain)).isEqualTo(listed.rules(table, chain));
                    }
                }
            }
        }
    }

    static Stream<String> clusters() throws IOException {
        return Goldens.files("restore.v4.txt").keySet().stream().map(name -> name.substring(0, name.indexOf('/')));
    }

    @Test
    void listingOfAWorkstationWithDockerAndLibvirtPrintsBackRuleForRule() throws IOException {
        var listing = resource("/article-iptables-save.txt");
        var ruleset = Ruleset.parse(IpFamily.IPV4, listing);
        var expected = listing.replaceAll("\\[\\d+:\\d+]", "[0:0]").lines().filter(line -> !line.startsWith("#"));
        assertThat(ruleset.toString().lines()).containsExactlyElementsOf(expected.toList());
    }

    @Test
    void untouchedTablesAreNotListed() throws Exception {
        var ruleset = EMPTY.apply(script("*nat\n:KUBE-A - [0:0]\nCOMMIT\n"));
        assertThat(ruleset.toString()).isEqualTo("""
                        *nat
                        :PREROUTING ACCEPT [0:0]
                        :INPUT ACCEPT [0:0]
                        :OUTPUT ACCEPT [0:0]
                        :POSTROUTING ACCEPT [0:0]
                        :KUBE-A - [0:0]
                        COMMIT
                        """);
    }

    @Test
    void chainLineEmptiesAnExistingChain() throws Exception {
        var before = EMPTY.apply(script("*nat\n:KUBE-A - [0:0]\n-A KUBE-A -j RETURN\nCOMMIT\n"));
        var after = before.apply(script("*nat\n:KUBE-A - [0:0]\nCOMMIT\n"));
        assertThat(after.rules(Table.NAT, "KUBE-A")).isEmpty();
        assertThat(before.rules(Table.NAT, "KUBE-A")).hasSize(1);
    }

    @Test
    void deleteMatchesTheRuleInWhateverFormItWasWritten() throws Exception {
        var before = EMPTY.apply(
                script(
                        "*nat\n:KUBE-A - [0:0]\n-A KUBE-A -m comment --comment x -m tcp -p tcp -d 10.0.0.1 --dport 80 -j RETURN\nCOMMIT\n"));
        var after = before.apply(
                script(
                        "*nat\n-D KUBE-A -d 10.0.0.1/32 -p tcp -m comment --comment \"x\" -m tcp --dport 80 -j RETURN\nCOMMIT\n"));
        assertThat(after.rules(Table.NAT, "KUBE-A")).isEmpty();
    }

    @Test
    void insertGoesToTheTop() throws Exception {
        var ruleset =
                EMPTY.apply(script("*nat\n:KUBE-A - [0:0]\n-A KUBE-A -j RETURN\n-I KUBE-A -p tcp -j ACCEPT\nCOMMIT\n"));
        assertThat(ruleset.rules(Table.NAT, "KUBE-A").getFirst().target()).contains(Target.Verdict.ACCEPT);
    }

    @Test
    void failureKeepsTheTablesBeforeIt() {
        var rejected = catchThrowableOfType(
                RestoreRejectedException.class,
                () -> EMPTY.apply(script(
                        "*filter\n:KUBE-F - [0:0]\nCOMMIT\n*nat\n:KUBE-A - [0:0]\n-A KUBE-A -j KUBE-GONE\nCOMMIT\n")));
        assertThat(rejected).hasMessage("a rule jumps to chain KUBE-GONE, which does not exist");
        assertThat(rejected.committed().hasChain(Table.FILTER, "KUBE-F")).isTrue();
        assertThat(rejected.committed().tables()).containsExactly(Table.FILTER);
    }

    @Test
    void refusesWhatTheKernelRefuses() throws Exception {
        var used = EMPTY.apply(script("*nat\n:A - [0:0]\n:B - [0:0]\n-A A -j B\nCOMMIT\n"));
        assertThatThrownBy(() -> used.apply(script("*nat\n-X B\nCOMMIT\n"))).hasMessageContaining("still in use");
        assertThatThrownBy(() -> used.apply(script("*nat\n-X A\nCOMMIT\n"))).hasMessageContaining("not empty");
        assertThatThrownBy(() -> used.apply(script("*nat\n-X INPUT\nCOMMIT\n"))).hasMessageContaining("built in");
        assertThatThrownBy(() -> used.apply(script("*nat\n-A C -j A\nCOMMIT\n")))
                .hasMessageContaining("has no chain C");
        assertThatThrownBy(() -> used.apply(script("*nat\n-D A -j A\nCOMMIT\n")))
                .hasMessageContaining("no such rule");
        assertThat(used.apply(script("*nat\n:A - [0:0]\n-X A\n-X B\nCOMMIT\n")).chains(Table.NAT))
                .doesNotContain("A", "B");
    }

    @Test
    void smallChangeOfALargeStateIsCheap() throws Exception {
        var large = EMPTY.apply(sink -> {
            sink.table(Table.NAT);
            for (int i = 0; i < 20_000; i++) {
                sink.chain("KUBE-SVC-" + i);
            }
            for (int i = 0; i < 100_000; i++) {
                sink.append(
                        "KUBE-SVC-" + i % 20_000, Rule.of(new Target.Jump("KUBE-SVC-0"), new Match.Comment("c" + i)));
            }
            sink.commit();
        });
        var current = large;
        for (int i = 0; i < 100; i++) {
            int n = i;
            current = current.apply(sink -> {
                sink.table(Table.NAT);
                sink.delete("KUBE-SVC-" + n, Rule.of(new Target.Jump("KUBE-SVC-0"), new Match.Comment("c" + n)));
                sink.commit();
            });
        }
        assertThat(current.ruleCount(Table.NAT)).isEqualTo(99_900);
    }

    static RestoreScript script(String text) {
        return sink -> {
            try {
                RestoreParser.parse(new StringReader(text), sink);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    static String resource(String name) throws IOException {
        try (var stream = RulesetTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
