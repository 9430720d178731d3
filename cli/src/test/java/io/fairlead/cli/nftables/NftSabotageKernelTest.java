package io.fairlead.cli.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cli.Main;
import io.fairlead.lab.net.NetworkNamespace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code audit} names what was done to the table with nft, and {@code audit --repair} undoes it, listed by nft itself. */
@Tag("kernel")
class NftSabotageKernelTest {

    private static final int DEEDS = 25;

    /** @param names what a finding must say */
    private record Sabotage(String script, String kind, String place, String names) {}

    private enum Deed {
        REMOVE_RULE,
        ALTER_RULE,
        DUPLICATE_RULE,
        SWAP_RULES,
        REMOVE_ELEMENT,
        ALTER_ELEMENT,
        ADD_ELEMENT
    }

    private final NetworkNamespace namespace = NetworkNamespace.create("nftsab");

    @AfterEach
    void removeNamespace() {
        namespace.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ip", "ip6"})
    void everyDeedIsNamedAndUndone(String family) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        assertThat(fairlead("audit", "--repair")).contains("the kernel is as it should be", "mended");
        var before = TableListing.parse(list(family)).withoutIndices();
        assertThat(fairlead("audit")).as("an untouched kernel").contains("IPv4: the kernel is as it should be");
        for (int i = 0; i < DEEDS; i++) {
            var sabotage = sabotage(list(family), random);
            namespace.execWithInput(sabotage.script(), "nft", "-f", "-");

            assertThat(fairlead("audit"))
                    .as("after %s", sabotage)
                    .contains(sabotage.kind() + " in " + sabotage.place(), sabotage.names(), "--repair");
            assertThat(fairlead("audit", "--repair")).as("mending %s", sabotage).contains("mended");
            assertThat(TableListing.parse(list(family)).withoutIndices())
                    .as("mended %s", sabotage)
                    .isEqualTo(before);
        }
        assertThat(fairlead("audit")).doesNotContain("finding");
    }

    private String list(String family) {
        return namespace.exec("nft", "list", "table", family, "kube-proxy");
    }

    private static Sabotage sabotage(String text, Random random) {
        var table = TableListing.parse(text);
        while (true) {
            var deed = TableListing.one(List.of(Deed.values()), random);
            var done = deed.name().endsWith("ELEMENT") ? element(deed, table, random) : rule(deed, text, random);
            if (done.isPresent()) {
                return done.get();
            }
        }
    }

    private static Optional<Sabotage> rule(Deed deed, String text, Random random) {
        var table = TableListing.parse(text);
        var heading = TableListing.one(table.headings("chain "), random);
        var rules = new ArrayList<>(table.content(heading));
        int at = random.nextInt(rules.size());
        var rule = rules.get(at);
        var kind =
                switch (deed) {
                    case REMOVE_RULE -> {
                        rules.remove(at);
                        yield "missing";
                    }
                    case ALTER_RULE -> {
                        rules.set(at, "meta mark 0x7 " + rule);
                        yield "altered";
                    }
                    case DUPLICATE_RULE -> {
                        rules.add(random.nextInt(rules.size() + 1), rule);
                        yield "duplicate";
                    }
                    default -> {
                        if (at == 0 || rules.get(at - 1).equals(rule)) {
                            yield "";
                        }
                        rules.set(at, rules.set(at - 1, rule));
                        yield "order";
                    }
                };
        return kind.isEmpty()
                ? Optional.empty()
                : Optional.of(new Sabotage(table.rewriting(text, heading, rules), kind, heading, "chain "));
    }

    private static Optional<Sabotage> element(Deed deed, TableListing table, Random random) {
        var maps = table.headings("map ");
        var heading = TableListing.one(maps, random);
        var elements = table.content(heading);
        var element = TableListing.one(elements, random);
        var key = element.substring(0, element.indexOf(" : "));
        var value = element.substring(key.length());
        // Which of a Service's endpoints has which index is nobody's business.
        var named = key.replaceFirst(" comment .*", "");
        var place = heading.endsWith("endpoints") ? named.replaceFirst(" \\. \\d+$", "") : named;
        return switch (deed) {
            case REMOVE_ELEMENT ->
                Optional.of(new Sabotage(table.element("delete", heading, key), "missing", heading, place));
            case ALTER_ELEMENT -> {
                var other = TableListing.one(elements, random);
                var otherValue = other.substring(other.indexOf(" : "));
                yield otherValue.equals(value)
                        ? Optional.empty()
                        : Optional.of(new Sabotage(
                                table.element("delete", heading, key) + table.element("add", heading, key + otherValue),
                                "altered",
                                heading,
                                place));
            }
            default -> {
                var foreign = key.matches("[0-9a-f]*:.*")
                        ? key.replaceFirst("^[0-9a-f:]+", "2001:db8::77")
                        : key.replaceFirst("^[0-9.]+", "203.0.113.77");
                yield foreign.equals(key)
                        ? Optional.empty()
                        : Optional.of(new Sabotage(
                                table.element("add", heading, foreign + value),
                                "foreign",
                                heading,
                                foreign.replaceFirst(" comment .*", "")));
            }
        };
    }

    /** Runs in the namespace, since the command's own thread is what reads the kernel. */
    private String fairlead(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--proxy-mode=nftables",
                "--manifests=src/test/resources/io/fairlead/cli/nftables/cluster.yaml",
                "--hostname-override=k8s1",
                "--cluster-cidr=10.244.0.0/16,fd00:244::/64"));
        var out = new ByteArrayOutputStream();
        try (var printed = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            namespace.call(() -> Main.run(all.toArray(String[]::new), printed, printed));
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
