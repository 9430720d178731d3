package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fairlead.netfilter.Goldens;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("kernel")
class IptablesKernelTest {

    private static final Rule JUMP =
            Rule.of(new Target.Jump("KUBE-SERVICES"), new Match.Comment("kubernetes service portals"));

    private Namespace namespace;

    @BeforeEach
    void makeNamespace() throws IOException {
        namespace = Namespace.create();
    }

    @AfterEach
    void removeNamespace() throws IOException {
        namespace.close();
    }

    private Iptables iptables(Capabilities.Backend backend) throws IOException {
        return Iptables.probe(IpFamily.IPV4, namespace.runner(backend));
    }

    @ParameterizedTest
    @EnumSource
    void recognisesVersionAndBackend(Capabilities.Backend backend) throws Exception {
        var iptables = iptables(backend);
        iptables.requireNat();
        assertThat(iptables.capabilities().backend()).isEqualTo(backend);
        assertThat(iptables.capabilities().randomFully()).isTrue();
        assertThat(iptables.capabilities().restoreWaitFlags()).containsExactly("-w", "5");
    }

    @ParameterizedTest
    @EnumSource
    void chainsAndRulesComeAndGo(Capabilities.Backend backend) throws Exception {
        var iptables = iptables(backend);
        assertThat(iptables.chainExists(Table.NAT, "KUBE-SERVICES")).isFalse();
        assertThat(iptables.ensureChain(Table.NAT, "KUBE-SERVICES")).isTrue();
        assertThat(iptables.ensureChain(Table.NAT, "KUBE-SERVICES")).isFalse();
        assertThat(iptables.chainExists(Table.NAT, "KUBE-SERVICES")).isTrue();
        assertThat(iptables.ensureRule(Iptables.Position.TOP, Table.NAT, "OUTPUT", JUMP))
                .isTrue();
        assertThat(iptables.ensureRule(Iptables.Position.TOP, Table.NAT, "OUTPUT", JUMP))
                .isFalse();
        assertThat(iptables.listRules(Table.NAT, "OUTPUT")).containsExactly(JUMP);
        assertThatThrownBy(() -> iptables.deleteChain(Table.NAT, "KUBE-SERVICES"))
                .isInstanceOf(IptablesException.class);
        assertThat(iptables.deleteRule(Table.NAT, "OUTPUT", JUMP)).isTrue();
        assertThat(iptables.deleteRule(Table.NAT, "OUTPUT", JUMP)).isFalse();
        iptables.flushChain(Table.NAT, "KUBE-SERVICES");
        iptables.deleteChain(Table.NAT, "KUBE-SERVICES");
        var gone = catchThrowableOfType(IptablesException.class, () -> iptables.flushChain(Table.NAT, "KUBE-SERVICES"));
        assertThat(gone.kind()).isEqualTo(IptablesException.Kind.NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource
    void refusedLineIsNamedAndEarlierTablesStand(Capabilities.Backend backend) throws Exception {
        var iptables = iptables(backend);
        RestoreScript script = sink -> {
            sink.table(Table.FILTER);
            sink.chain("KUBE-F");
            sink.commit();
            sink.table(Table.NAT);
            sink.chain("KUBE-A");
            sink.append("KUBE-MISSING", Rule.of(Target.Verdict.RETURN));
            sink.commit();
        };
        var failure = catchThrowableOfType(IptablesException.class, () -> iptables.restore(script));
        assertThat(failure.kind()).isEqualTo(IptablesException.Kind.LINE_REFUSED);
        assertThat(failure.lineNumber()).hasValue(6);
        assertThat(failure.lines()).hasSize(5).contains(new IptablesException.Line(6, "-A KUBE-MISSING -j RETURN"));
        assertThat(failure.getMessage())
                .startsWith("iptables-restore -w 5 --noflush --counters: exit status ")
                .endsWith("line 6 is: -A KUBE-MISSING -j RETURN")
                .doesNotContain("\n");
        var after = iptables.save(Optional.empty());
        assertThat(after.hasChain(Table.FILTER, "KUBE-F")).isTrue();
        assertThat(after.hasChain(Table.NAT, "KUBE-A")).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void modelAgreesWithTheKernelOnEveryRecordedRestore(Capabilities.Backend backend) throws Exception {
        for (var version : List.of("v4", "v6")) {
            var family = version.equals("v4") ? IpFamily.IPV4 : IpFamily.IPV6;
            var differences = new ArrayList<String>();
            for (var golden : Goldens.files("restore." + version + ".txt").entrySet()) {
                RestoreScript script =
                        sink -> RulesetTest.script(golden.getValue()).writeTo(new WithoutCounters(sink));
                try (var fresh = Namespace.create()) {
                    var iptables = Iptables.probe(family, fresh.runner(backend));
                    iptables.restore(script);
                    if (!iptables.save(Optional.empty())
                            .equals(Ruleset.empty(family).apply(script))) {
                        differences.add(golden.getKey());
                    }
                }
            }
            assertThat(differences).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusedTextLeavesItsTableAlone(Capabilities.Backend backend) throws Exception {
        var iptables = iptables(backend);
        RestoreScript script = sink -> {
            sink.table(Table.NAT);
            sink.chain("KUBE-A");
            sink.append("KUBE-A", Rule.of(Target.Verdict.RETURN, new Match.Comment("x\nCOMMIT")));
            sink.commit();
        };
        assertThatThrownBy(() -> iptables.restore(script))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("U+000A");
        assertThat(iptables.save(Optional.empty()).hasChain(Table.NAT, "KUBE-A"))
                .isFalse();
    }

    @Test
    void lockHeldByAnotherIsSaidSo() throws Exception {
        var iptables = iptables(Capabilities.Backend.LEGACY);
        iptables.ensureChain(Table.NAT, "KUBE-A");
        var holder = new ProcessBuilder("flock", namespace.lockFile().toString(), "sleep", "30").start();
        try {
            Thread.sleep(300);
            var failure =
                    catchThrowableOfType(IptablesException.class, () -> iptables.chainExists(Table.NAT, "KUBE-A"));
            assertThat(failure.kind()).isEqualTo(IptablesException.Kind.LOCK_HELD);
            assertThat(failure.status()).isEqualTo(4);
        } finally {
            holder.descendants().forEach(ProcessHandle::destroyForcibly);
            holder.destroyForcibly().waitFor();
        }
    }

    @Test
    void missingBinaryIsSaidSo() {
        var iptables = Iptables.probe(
                IpFamily.IPV4,
                (argv, input, output, limit) ->
                        new ProcessCommandRunner(List.of("no-such-program"), Map.of()).run(argv, input, output, limit));
        var failure = catchThrowableOfType(IptablesException.class, iptables::requireNat);
        assertThat(failure.kind()).isEqualTo(IptablesException.Kind.NOT_RUN);
    }

    /** The namespace has no nfacct counters. */
    private record WithoutCounters(RestoreSink to) implements RestoreSink {

        @Override
        public void table(Table table) {
            to.table(table);
        }

        @Override
        public void chain(String name) {
            to.chain(name);
        }

        @Override
        public void append(String chain, Rule rule) {
            to.append(chain, strip(rule));
        }

        @Override
        public void insert(String chain, int position, Rule rule) {
            to.insert(chain, position, strip(rule));
        }

        @Override
        public void delete(String chain, Rule rule) {
            to.delete(chain, strip(rule));
        }

        @Override
        public void deleteChain(String chain) {
            to.deleteChain(chain);
        }

        @Override
        public void commit() {
            to.commit();
        }

        private static Rule strip(Rule rule) {
            return new Rule(
                    rule.matches().stream()
                            .filter(match -> !(match instanceof Match.Accounting))
                            .toList(),
                    rule.target());
        }
    }
}
