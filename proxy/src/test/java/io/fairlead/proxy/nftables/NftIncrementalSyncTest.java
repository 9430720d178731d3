package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Command;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.Verdict;
import io.fairlead.proxy.dataplane.DataplaneException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever changes, fails or is tampered with: what the kernel holds is what a full sync would have written. */
class NftIncrementalSyncTest {

    private static final int STEPS = 60;

    @Property(tries = 40)
    void editsLeadToWhatAFullSyncWrites(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var kernel = new ModelTable();
        kernel.afterCommit(NftIncrementalSyncTest::assertNothingLeadsNowhere);
        var run = new NftSyncRun(seed, family, kernel);
        for (int step = 0; step < STEPS; step++) {
            run.change();
            run.sync();
            assertThat(run.last().drifted()).isFalse();
            assertSameAsFull(kernel, run);
        }
        assertThat(kernel.reads()).as("only the first sync may read the kernel").isEqualTo(1);
        run.assertNothingDiffers();
    }

    @Property(tries = 40)
    void failedCommitsLoseNothing(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var kernel = new ModelTable();
        kernel.afterCommit(NftIncrementalSyncTest::assertNothingLeadsNowhere);
        var run = new NftSyncRun(seed, family, kernel);
        var random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            run.change();
            kernel.fail(TableException.Kind.values()[random.nextInt(2)], random.nextInt(3));
            run.syncUntilItWorks();
            assertSameAsFull(kernel, run);
        }
    }

    @Property(tries = 30)
    void tamperingIsMendedByTheNextFullSync(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var kernel = new ModelTable();
        var run = new NftSyncRun(seed, family, kernel);
        var random = new Random(seed);
        for (int step = 0; step < STEPS / 2; step++) {
            run.change();
            run.sync();
            kernel.tamper(vandalism(kernel, family, random));
            run.syncFully();
            assertSameAsFull(kernel, run);
            run.assertNothingDiffers();
        }
    }

    @Property(tries = 20)
    void whatOthersTouchIsMendedTogetherWithTheNextChange(@ForAll long seed, @ForAll IpFamily family)
            throws DataplaneException {
        var kernel = new ModelTable();
        var run = new NftSyncRun(seed, family, kernel);
        var random = new Random(seed);
        run.change();
        run.sync();
        for (int step = 0; step < STEPS; step++) {
            if (random.nextBoolean()) {
                run.change();
            }
            int setsRead = kernel.setsRead();
            var vandalism = vandalism(kernel, family, random);
            kernel.disturb(vandalism);
            run.sync();
            assertSameAsFull(kernel, run);
            if (vandalism.commands().getFirst() instanceof Command.OfElements) {
                if (vandalism.commands().size() == 1) {
                    assertThat(run.last().mended()).isNotEmpty();
                }
                assertThat(kernel.setsRead()).as("sets read whole").isEqualTo(setsRead);
            }
        }
        run.assertNothingDiffers();
    }

    @Property(tries = 20)
    void aRestartWritesNothing(@ForAll long seed, @ForAll IpFamily family) throws DataplaneException {
        var kernel = new ModelTable();
        var run = new NftSyncRun(seed, family, kernel);
        for (int step = 0; step < STEPS / 2; step++) {
            run.change();
            run.sync();
            if (run.contested().isEmpty()) {
                run.syncFully();
                int commits = kernel.commits();
                run.restarted().apply(run.desired(), Set.of(), true);
                assertThat(kernel.commits()).isEqualTo(commits);
            }
        }
    }

    private static void assertSameAsFull(ModelTable kernel, NftSyncRun run) throws DataplaneException {
        var full = run.written();
        var left = new HashSet<>(kernel.chains());
        left.removeAll(full.chains());
        assertThat(left).allMatch(Names::comesAndGoes);
        var contested = run.contested();
        assertThat(kernel.lines(left, contested)).containsExactlyElementsOf(full.lines(Set.of(), contested));
    }

    /** In every state that packets may see, who is sent to N endpoints finds N. */
    private static void assertNothingLeadsNowhere(ModelTable kernel) {
        for (var dispatch : List.of(Names.SERVICE_IPS, Names.SERVICE_NODE_PORTS)) {
            for (var element : kernel.elements(dispatch).values()) {
                var chain = ((Verdict.Goto) element.value().orElseThrow()).chain();
                assertThat(kernel.rules(chain)).as(chain).isNotEmpty();
                var numbers = chain.split("/", -1);
                var form = numbers[0];
                if (form.contains("-") && !form.startsWith("nodeport-") && !form.equals("external-local")) {
                    continue;
                }
                boolean nodePort = dispatch.equals(Names.SERVICE_NODE_PORTS);
                var kind = nodePort ? Place.Kind.NODE_PORT : Place.Kind.ADDRESS;
                var plain = nodePort ? form.substring("nodeport-".length()) : form;
                int cluster = plain.equals("local") ? 0 : Integer.parseInt(numbers[1]);
                int local = plain.equals("local")
                        ? Integer.parseInt(numbers[1])
                        : plain.equals("external-local") ? Integer.parseInt(numbers[2]) : 0;
                assertEndpoints(kernel, kind, false, element, cluster);
                assertEndpoints(kernel, kind, true, element, local);
            }
        }
    }

    private static void assertEndpoints(
            ModelTable kernel, Place.Kind kind, boolean local, Element dispatch, int count) {
        var endpoints = kernel.elements(Endpoints.map(kind, local));
        for (int i = 0; i < count; i++) {
            assertThat(endpoints).containsKey(Keys.indexed(dispatch.key(), i));
        }
    }

    /** Takes something away, changes it, or leaves something of nobody's behind. */
    private static Transaction vandalism(ModelTable kernel, IpFamily family, Random random) {
        var id = FixedTable.id(family);
        var sets = new FixedSets(family, true)
                .byName().values().stream()
                        .filter(set -> !kernel.elements(set.name()).isEmpty())
                        .toList();
        if (sets.isEmpty() || random.nextInt(5) == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> new Transaction(id).deleteTable();
                case 1 -> new Transaction(id).flushChain(Names.SERVICES);
                default ->
                    new Transaction(id)
                            .add(ChainPlan.of("service-XXXXXXXX-some/body/tcp/else")
                                    .chain());
            };
        }
        var set = sets.get(random.nextInt(sets.size()));
        var elements = new ArrayList<>(kernel.elements(set.name()).values());
        var victim = elements.get(random.nextInt(elements.size()));
        return switch (random.nextInt(3)) {
            case 0 -> new Transaction(id).delete(set, List.of(victim));
            case 1 -> new Transaction(id).flushSet(set.name());
            default -> exchanged(new Transaction(id), set, victim, elements);
        };
    }

    /** Two elements say what the other one said. */
    private static Transaction exchanged(Transaction change, NftSet set, Element one, List<Element> elements) {
        var other = elements.getFirst();
        if (other.equals(one) || one.value().isEmpty()) {
            return change.flushChain(Names.MASQUERADING);
        }
        return change.delete(set, List.of(one, other))
                .add(
                        set,
                        List.of(
                                Element.of(one.key(), other.value().orElseThrow()),
                                Element.of(other.key(), one.value().orElseThrow())));
    }
}
