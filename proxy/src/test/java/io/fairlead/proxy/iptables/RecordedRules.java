package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.RestoreParser;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.proxy.vectors.VectorFiles;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules as the vectors record them. */
final class RecordedRules {

    /** Upstream's fake prints the comments of its jumps without quotes, which no iptables would. */
    private static final Pattern BARE_COMMENT = Pattern.compile("--comment (kubernetes [a-z -]+) -j ");

    private static final Pattern CANARY = Pattern.compile(".*\\bKUBE-PROXY-CANARY\\b.*|mangle .*");

    private static final int LINES_SHOWN = 10;

    private RecordedRules() {}

    /** The kernel tables of upstream's fake; also its listings in which chains have no policy. */
    static Ruleset state(IpFamily family, JsonNode lines) {
        var text = VectorFiles.stream(lines)
                .map(line -> BARE_COMMENT.matcher(line.asText()).replaceAll("--comment \"$1\" -j "))
                .collect(Collectors.joining("\n"));
        return Ruleset.parse(family, text);
    }

    /** Restore input, less the chains it deletes. */
    static List<String> withoutDeletions(JsonNode lines) {
        var texts = VectorFiles.texts(lines);
        var deleted = texts.stream()
                .filter(line -> line.startsWith("-X "))
                .map(line -> line.substring(3))
                .toList();
        return texts.stream()
                .filter(line -> !line.startsWith("-X "))
                .filter(line -> deleted.stream().noneMatch(chain -> line.startsWith(":" + chain + " ")))
                .toList();
    }

    static RestoreScript script(List<String> lines) {
        return sink -> {
            try {
                RestoreParser.parse(new StringReader(String.join("\n", lines)), sink);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    static void assertSame(Ruleset actual, Ruleset recorded) {
        assertSameLines(comparable(actual), comparable(recorded));
    }

    /** Fails with the lines that only one side has: the whole could be thousands. */
    static void assertSameLines(List<String> actual, List<String> recorded) {
        if (!actual.equals(recorded)) {
            fail("only here: %s; only recorded: %s%s"
                    .formatted(
                            surplus(actual, recorded),
                            surplus(recorded, actual),
                            actual.size() == recorded.size() ? "; the order may differ, too" : ""));
        }
    }

    private static List<String> surplus(List<String> lines, List<String> others) {
        var left = new HashMap<String, Integer>();
        others.forEach(line -> left.merge(line, 1, Integer::sum));
        return lines.stream()
                .filter(line -> left.merge(line, -1, Integer::sum) < 0)
                .limit(LINES_SHOWN)
                .toList();
    }

    /** Comparable lines, less the canaries, which upstream's proxier does not put up in its tests. */
    private static List<String> comparable(Ruleset ruleset) {
        return RulesetText.of(ruleset).stream()
                .filter(line -> !CANARY.matcher(line).matches())
                .sorted(Comparator.comparing(RecordedRules::place))
                .toList();
    }

    /** Table and chain: tables come in any order. */
    private static String place(String line) {
        var words = line.split(" ", 4);
        return words[0] + " " + (words[1].startsWith(":") ? words[1].substring(1) + " 0" : words[2] + " 1");
    }
}
