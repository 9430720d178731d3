package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.netfilter.ip.IpFamily;
import java.io.StringReader;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {

    /** What iptables-save 1.8.9 printed for rules that have no type here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-A A -p tcp -m multiport --dports 80,443 -j ACCEPT",
                "-A A -p tcp -m multiport ! --dports 80,443 -m comment --comment \"a\\'b\\\"c\\\\d\" -j cali-x",
                "-A A -m set --match-set cali40s:abc src -j RETURN",
                "-A A -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j LOG --log-prefix \"abc:\"",
                "-A A -p icmp -f",
                "-A A -p sctp -m mark --mark 0x7 -g B",
                "-A A -o virbr0 -p udp -m udp --dport 68 -j CHECKSUM --checksum-fill",
                "-A A -m limit --limit 3/min --limit-burst 10 -j LOG --log-prefix \"a b\" --log-level 7",
                "-A A -p icmp -m icmp --icmp-type 8 -j ACCEPT",
                "-A A ! -p tcp -m conntrack ! --ctstate NEW,DNAT -j DNAT --to-destination 10.0.0.1:80 --random"
            })
    void ruleWithoutATypePrintsBackWordForWord(String line) {
        var parsed = RuleParser.parse(line);
        assertThat(new SavePrinter(IpFamily.IPV4).line(parsed.chain(), parsed.rule()))
                .isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-j MARK --or-mark 0x4000 | -j MARK --set-xmark 0x4000/0x4000",
                "-j MARK --xor-mark 16384 | -j MARK --set-xmark 0x4000/0x0",
                "-j MARK --set-mark 0x1/0x2 | -j MARK --set-xmark 0x1/0x3",
                "-j MARK --and-mark 0xff | -j MARK --set-xmark 0x0/0xffffff00",
                "-j REJECT | -j REJECT --reject-with icmp-port-unreachable",
                "-p 6 -m tcp --dport 80: | -p tcp -m tcp --dport 80:65535",
                "-p udp --dport 53 -j ACCEPT | -p udp -m udp --dport 53 -j ACCEPT",
                "-s 0.0.0.0/0 -d 10.1.2.3/255.255.0.0 -j DROP | -d 10.1.0.0/16 -j DROP",
                "-m recent --name X --set | -m recent --set --name X --mask 255.255.255.255 --rsource",
                "-m conntrack --ctstate DNAT,NEW | -m conntrack --ctstate NEW,DNAT"
            })
    void formsWithTheSameMeaningAreTheSame(String written, String saved) {
        assertThat(RuleParser.parseRule(written).canonical(IpFamily.IPV4))
                .isEqualTo(RuleParser.parseRule(saved).canonical(IpFamily.IPV4));
        assertThat(new SavePrinter(IpFamily.IPV4).line("A", RuleParser.parseRule(written)))
                .isEqualTo("-A A " + saved);
    }

    @Test
    void aCommentThatLooksLikeAnOptionIsAComment() {
        assertThat(RuleParser.parse("-A A -m comment --comment -j -j DROP").rule())
                .isEqualTo(Rule.of(Target.Verdict.DROP, new Match.Comment("-j")));
    }

    @Test
    void countersAreIgnored() {
        assertThat(RuleParser.parse("[12:3456] -A A -j DROP").rule()).isEqualTo(Rule.of(Target.Verdict.DROP));
    }

    @Test
    void errorNamesTheLine() {
        assertThatThrownBy(() -> Ruleset.parse(IpFamily.IPV4, "*nat\n:A - [0:0]\n-A A ! -j DROP\nCOMMIT\n"))
                .isInstanceOf(RuleSyntaxException.class)
                .hasMessage("line 3: -j cannot be negated: -A A ! -j DROP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*nat\n",
                "*none\nCOMMIT\n",
                "COMMIT\n",
                "*nat\n:A\nCOMMIT\n",
                "*nat\n-A A -m comment --comment \"x\nCOMMIT\n"
            })
    void whatIsNoListingIsRefused(String listing) {
        assertThatThrownBy(() -> SaveParser.parse(
                        new StringReader(listing), new RuleListener(new SavePrinter(IpFamily.IPV4), new ArrayList<>())))
                .isInstanceOf(RuleSyntaxException.class);
    }

    @Test
    void jumpToWhatMayBeAnUnknownTargetIsListedAsItIs() {
        var listing =
                "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -j NEWTARGET\nCOMMIT\n";
        assertThat(Ruleset.parse(IpFamily.IPV4, listing).toString()).isEqualTo(listing);
    }
}
