package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.Goldens;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenTextTest {

    @ParameterizedTest
    @MethodSource("restores")
    void restoreTextSurvivesReadingAndPrinting(Map.Entry<String, String> golden) throws IOException {
        var printed = new StringBuilder();
        RestoreParser.parse(new StringReader(golden.getValue()), new RestorePrinter(printed));
        assertThat(printed.toString()).isEqualTo(golden.getValue());
    }

    @ParameterizedTest
    @MethodSource("saves")
    void savedRulesSurviveReadingAndPrinting(Map.Entry<String, String> golden) throws IOException {
        var printer = new SavePrinter(golden.getKey().contains(".v4.") ? IpFamily.IPV4 : IpFamily.IPV6);
        var printed = new ArrayList<String>();
        SaveParser.parse(new StringReader(golden.getValue()), new RuleListener(printer, printed));
        assertThat(printed).isEqualTo(rules(golden.getValue()));
    }

    @ParameterizedTest
    @MethodSource("saves")
    void savedRulesStayThemselvesWhenWrittenAsRestoreInput(Map.Entry<String, String> golden) {
        var printer = new SavePrinter(golden.getKey().contains(".v4.") ? IpFamily.IPV4 : IpFamily.IPV6);
        for (var line : rules(golden.getValue())) {
            var parsed = RuleParser.parse(line);
            var restore = RestorePrinter.text(sink -> sink.append(parsed.chain(), parsed.rule()));
            var again = RuleParser.parse(restore.strip());
            assertThat(printer.line(again.chain(), again.rule())).isEqualTo(line);
        }
    }

    static List<String> rules(String listing) {
        return listing.lines().filter(line -> line.startsWith("-A")).toList();
    }

    static Stream<Map.Entry<String, String>> restores() throws IOException {
        return Stream.concat(
                Goldens.files("restore.v4.txt").entrySet().stream(),
                Goldens.files("restore.v6.txt").entrySet().stream());
    }

    static Stream<Map.Entry<String, String>> saves() throws IOException {
        return Stream.concat(
                Goldens.files("iptables-save.v4.txt").entrySet().stream(),
                Goldens.files("iptables-save.v6.txt").entrySet().stream());
    }
}
