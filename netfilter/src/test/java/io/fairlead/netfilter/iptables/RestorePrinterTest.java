package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestorePrinterTest {

    private static String line(Rule rule) {
        return RestorePrinter.text(sink -> sink.append("KUBE-A", rule)).strip();
    }

    private static String comment(String text) {
        return line(Rule.of(Target.Verdict.RETURN, new Match.Comment(text)));
    }

    @Test
    void protocolLoadsItsPortsModule() {
        var rule = Rule.of(
                new Target.Jump("KUBE-SVC-1"),
                new Match.Comment("ns/svc cluster IP"),
                new Match.Protocol("tcp", false),
                new Match.Address(Match.End.DESTINATION, IpPrefix.host(IpAddress.parse("10.0.0.1")), true, false),
                new Match.Ports("tcp", Optional.empty(), Optional.of(Match.PortRange.of(80))),
                new Match.Address(Match.End.SOURCE, IpPrefix.parse("10.244.0.0/16"), false, true));
        assertThat(line(rule))
                .isEqualTo(
                        "-A KUBE-A -m comment --comment \"ns/svc cluster IP\" -m tcp -p tcp -d 10.0.0.1 --dport 80 ! -s 10.244.0.0/16 -j KUBE-SVC-1");
    }

    @ParameterizedTest
    @CsvSource({
        "0x4000, 0x4000, --or-mark 0x00004000",
        "0x4000, 0, --xor-mark 0x00004000",
        "0x80000000, 0x80000000, --or-mark 0x80000000",
        "0x1, 0xff, --set-xmark 0x00000001/0x000000ff"
    })
    void markHasTheShortestForm(String value, String mask, String words) {
        var target = new Target.SetMark(
                Long.decode(value).intValue(), Long.decode(mask).intValue());
        assertThat(line(Rule.of(target))).isEqualTo("-A KUBE-A -j MARK " + words);
    }

    @ParameterizedTest
    @CsvSource({"3, 0.3333333333", "6, 0.1666666667", "2048, 0.0004882812", "1000, 0.0010000000"})
    void probabilityIsRoundedToEven(int endpoints, String text) {
        assertThat(line(Rule.of(Target.Verdict.RETURN, new Match.Probability(1.0 / endpoints))))
                .contains("-m statistic --mode random --probability " + text + " ");
    }

    @Test
    void everyOtherConditionHasItsOptions() {
        var rule = new Rule(
                List.of(
                        new Match.Recent(Match.RecentMode.RCHECK, "KUBE-SEP-1", OptionalInt.of(10800), true),
                        new Match.AddressType(Match.End.DESTINATION, Set.of("LOCAL"), true),
                        new Match.Accounting("dropped"),
                        new Match.Interface(Match.End.SOURCE, "cali+", true)),
                Optional.empty());
        assertThat(line(rule))
                .isEqualTo("-A KUBE-A -m recent --name KUBE-SEP-1 --rcheck --seconds 10800 --reap"
                        + " -m addrtype ! --dst-type LOCAL -m nfacct --nfacct-name dropped ! -i cali+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "", "say \"hi\"", "back\\slash", "-t nat", "-j", "!", "it's", "ünï"})
    void commentOfAnyTextStaysOneWord(String text) {
        var written = comment(text);
        assertThat(RuleParser.parse(written).rule().comment()).contains(text);
        assertThat(written).contains("--comment \"").endsWith(" -j RETURN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nCOMMIT", "a\rb", "nul\0", "\u0085", "lone \ud800 surrogate"})
    void textThatWouldLeaveItsLineIsRefused(String text) {
        assertThatThrownBy(() -> comment(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"");
    }

    @Test
    void commentsEndAt255Bytes() {
        assertThat(comment("é".repeat(127))).contains("é");
        assertThatThrownBy(() -> comment("é".repeat(128))).hasMessageContaining("longer than 255 bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-A", "!x", "a b", "a\nb", "ABCDEFGHIJKLMNOPQRSTUVWXYZABC", "q\"", "ü"})
    void whatCannotBeAChainIsRefused(String chain) {
        assertThatThrownBy(() -> RestorePrinter.text(sink -> sink.chain(chain)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be a chain");
        assertThatThrownBy(() -> line(Rule.of(new Target.Jump(chain)))).isInstanceOf(IllegalArgumentException.class);
    }
}
