package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.Finding;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The audit finds what somebody did to our table, names it, and a full sync undoes it. */
class NftAuditTest {

    @Property(tries = 60)
    void whatWasDoneIsNamedAndAFullSyncUndoesIt(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var kernel = new ModelTable();
        var run = new NftSyncRun(seed, family, kernel);
        for (int i = 0; i < 15; i++) {
            run.change();
        }
        run.syncFully();
        var random = new Random(seed);
        var before = kernel.lines(Set.of(), Set.of());
        for (int i = 0; i < 12; i++) {
            assertThat(run.audit()).as("an untouched kernel").isEmpty();
            var sabotage = NftSabotage.of(kernel.image(), random);
            kernel.tamper(sabotage.deed());

            assertThat(run.audit()).as("after %s", sabotage).anySatisfy(finding -> {
                assertThat(finding.kind()).isEqualTo(sabotage.kind());
                assertThat(finding.place()).isEqualTo(sabotage.place());
                assertThat(finding.expected().orElse("") + "\n"
                                + finding.found().orElse(""))
                        .contains(sabotage.text());
            });
            run.syncFully();
            assertThat(kernel.lines(Set.of(), Set.of()))
                    .as("mended %s", sabotage)
                    .isEqualTo(before);
        }
    }

    @Property(tries = 20)
    void elementsAreNamedWithTheirService(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var empty = new ModelTable();
        var run = new NftSyncRun(seed, family, empty);
        for (int i = 0; i < 15; i++) {
            run.change();
        }
        var services = run.desired().services().keySet();

        assertThat(run.audit()).allSatisfy(finding -> {
            assertThat(finding.kind()).isEqualTo(Finding.Kind.MISSING);
            if (finding.place().startsWith("map ")) {
                assertThat(finding.service())
                        .hasValueSatisfying(service -> assertThat(services).contains(service));
            }
        });
    }

    @Property(tries = 50)
    void namesOfChainsTellTheirService(@ForAll long seed, @ForAll IpFamily family) {
        var run = new NftSyncRun(seed, family, new ModelTable());
        for (int i = 0; i < 15; i++) {
            run.change();
        }
        for (var ports : run.desired().services().values()) {
            for (var port : ports) {
                PortPlanner.plan(port, NftSyncRun.settings(family))
                        .chains()
                        .forEach(chain -> assertThat(Names.serviceOf(chain.name()))
                                .as(chain.name())
                                .hasValue(port.name().service()));
            }
        }
    }
}
