package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.Vectors;
import io.fairlead.netfilter.ip.IpFamily;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Upstream's parser tests, as far as they are about iptables and not about the limits of that parser. */
class ParseVectorTest {

    private static final Map<String, String> EXCEPTIONS = Map.of(
            "TestParseRule/addRuleToChainRegex_requires_an_actual_rule,_not_just_a_chain_name",
            "iptables accepts a rule without conditions and target, so do we",
            "TestParseRule/unrecognized_arguments",
            "-i is understood here");

    /** Fields of upstream's rule that must be seen in ours, and the words they are printed after. */
    private static final Map<String, Set<String>> FIELDS = Map.ofEntries(
            Map.entry("Comment", Set.of("--comment")),
            Map.entry("Protocol", Set.of("-p")),
            Map.entry("SourceAddress", Set.of("-s")),
            Map.entry("SourceType", Set.of("--src-type")),
            Map.entry("DestinationAddress", Set.of("-d")),
            Map.entry("DestinationType", Set.of("--dst-type")),
            Map.entry("DestinationPort", Set.of("--dport")),
            Map.entry("Jump", Set.of("-j", "-g")),
            Map.entry("Probability", Set.of("--probability")),
            Map.entry("DNATDestination", Set.of("--to-destination")),
            Map.entry("AffinityName", Set.of("--name")),
            Map.entry("AffinitySeconds", Set.of("--seconds")),
            Map.entry("StatisticMode", Set.of("--mode")));

    @Test
    void replaysUpstreamsParserTests() throws Exception {
        Vectors.replay("iptables-cli/parse.json", EXCEPTIONS, ParseVectorTest::replay);
    }

    private static void replay(JsonNode vector) throws Exception {
        if (vector.get("test").asText().startsWith("TestParseRule")) {
            rule(vector);
        } else {
            dump(vector);
        }
    }

    private static void rule(JsonNode vector) {
        var line = vector.get("rule").asText();
        if (!vector.get("err").asText().isEmpty()) {
            assertThat(catchThrowable(() -> RuleParser.parse(line))).isInstanceOf(RuleSyntaxException.class);
            return;
        }
        var parsed = RuleParser.parse(line);
        var words = RestoreWords.of(parsed.rule());
        assertThat(parsed.chain()).isEqualTo(vector.get("parsed").get("Chain").asText());
        FIELDS.forEach((field, options) -> {
            var expected = vector.get("parsed").get(field);
            if (!expected.isNull()) {
                var values = new ArrayList<String>();
                for (int i = 0; i + 1 < words.size(); i++) {
                    if (options.contains(words.get(i))) {
                        boolean negated = i > 0 && words.get(i - 1).equals("!");
                        assertThat(negated).isEqualTo(expected.get("Negated").asBoolean());
                        values.add(words.get(i + 1));
                    }
                }
                assertThat(values)
                        .as(field)
                        .containsExactly(expected.get("Value").asText());
            }
        });
    }

    private static void dump(JsonNode vector) throws Exception {
        var text = String.join("\n", CommandVectorTest.words(vector.get("input"))) + "\n";
        if (!vector.get("error").asText("").isEmpty()) {
            assertThat(catchThrowable(() -> Ruleset.empty(IpFamily.IPV4).apply(RulesetTest.script(text))))
                    .isInstanceOfAny(RuleSyntaxException.class, RestoreRejectedException.class);
            return;
        }
        var script = RulesetTest.script(text);
        var seen = new ArrayList<String>();
        script.writeTo(new RestorePrinter(new StringBuilder()));
        var written = RestorePrinter.text(script);
        written.lines().filter(line -> line.startsWith("-A ")).forEach(seen::add);
        int rules = 0;
        for (var table : vector.get("output").get("Tables")) {
            assertThat(written).contains("*" + table.get("Name").asText());
            for (var chain : table.get("Chains")) {
                var name = chain.get("Name").asText();
                rules += chain.get("Rules").size();
                assertThat(written).contains(":" + name + " ");
                assertThat(written.contains("-X " + name + "\n"))
                        .isEqualTo(chain.get("Deleted").asBoolean());
            }
        }
        assertThat(seen).hasSize(rules);
    }
}
