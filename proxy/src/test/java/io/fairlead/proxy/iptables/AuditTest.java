package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The audit finds what somebody did to our rules, names it, and a full sync undoes it. */
class AuditTest {

    @Property(tries = 60)
    void whatWasDoneToARuleIsNamedAndAFullSyncRestoresEveryByte(@ForAll long seed, @ForAll IpFamily family)
            throws DataplaneException {
        var kernel = new ModelKernel(family, "nf_tables");
        var run = new SyncRun(seed, family, kernel, kernel::ruleset, true);
        for (int i = 0; i < 15; i++) {
            run.change();
        }
        run.syncFully();
        var before = kernel.ruleset().toString();
        var random = new Random(seed);
        for (int i = 0; i < 8; i++) {
            assertThat(run.audit()).as("an untouched kernel").isEmpty();
            var sabotage = Sabotage.of(before, random);
            kernel.replace(Ruleset.parse(family, sabotage.listing()));

            assertThat(run.audit()).as("after %s", sabotage).anySatisfy(finding -> names(finding, sabotage));
            run.syncFully();
            assertThat(kernel.ruleset().toString()).as("mended %s", sabotage).isEqualTo(before);
        }
    }

    private static void names(Finding finding, Sabotage sabotage) {
        assertThat(finding.kind()).isEqualTo(sabotage.kind());
        assertThat(List.of(finding.expected().orElse(""), finding.found().orElse("")))
                .anyMatch(text -> text.contains(sabotage.text()));
    }

    /** The audit says what a sync would write: an empty kernel lacks everything. */
    @Property(tries = 20)
    void anEmptyKernelLacksEveryRule(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var empty = new ModelKernel(family, "legacy");
        var run = new SyncRun(seed, family, empty, empty::ruleset, true);
        for (int i = 0; i < 10; i++) {
            run.change();
        }
        var findings = run.audit();

        assertThat(findings).allMatch(finding -> finding.kind() == Finding.Kind.MISSING);
        var lines = findings.stream()
                .map(finding -> finding.expected().orElseThrow())
                .toList();
        run.syncFully();
        assertThat(lines)
                .containsExactlyInAnyOrderElementsOf(empty.ruleset()
                        .toString()
                        .lines()
                        .filter(line -> line.startsWith("-A ") || line.startsWith(":KUBE-"))
                        .toList());
    }

    @Test
    void kubeletsJumpToItsFirewallMayStandBehindOurs() throws DataplaneException {
        var kernel = new ModelKernel(IpFamily.IPV4, "nf_tables");
        var run = new SyncRun(1, IpFamily.IPV4, kernel, kernel::ruleset, true);
        run.syncFully();
        var lines = new ArrayList<>(kernel.ruleset().toString().lines().toList());
        lines.remove("-A INPUT -j KUBE-FIREWALL");
        lines.add(lastOf(lines, "-A INPUT ") + 1, "-A INPUT -j KUBE-FIREWALL");
        kernel.replace(Ruleset.parse(IpFamily.IPV4, String.join("\n", lines)));

        assertThat(run.audit()).isEmpty();
    }

    @Test
    void rulesOfOthersKeepTheirPlaceWhenAJumpComesBack() throws DataplaneException {
        var kernel = new ModelKernel(IpFamily.IPV4, "nf_tables");
        var run = new SyncRun(1, IpFamily.IPV4, kernel, kernel::ruleset, true);
        run.syncFully();
        var lines = new ArrayList<>(kernel.ruleset().toString().lines().toList());
        lines.add(lastOf(lines, "-A FORWARD ") + 1, "-A FORWARD -s 192.0.2.1/32 -j ACCEPT");
        lines.add(lastOf(lines, "-A FORWARD ") - 2, "-A FORWARD -s 192.0.2.2/32 -j ACCEPT");
        var before = Ruleset.parse(IpFamily.IPV4, String.join("\n", lines));
        lines.remove(lines.stream()
                .filter(line -> line.startsWith("-A FORWARD ") && line.endsWith("-j KUBE-SERVICES"))
                .findFirst()
                .orElseThrow());
        kernel.replace(Ruleset.parse(IpFamily.IPV4, String.join("\n", lines)));
        run.syncFully();

        assertThat(kernel.ruleset().toString()).isEqualTo(before.toString());
    }

    private static int lastOf(List<String> lines, String start) {
        int last = -1;
        for (int i = 0; i < lines.size(); i++) {
            last = lines.get(i).startsWith(start) ? i : last;
        }
        return last;
    }
}
