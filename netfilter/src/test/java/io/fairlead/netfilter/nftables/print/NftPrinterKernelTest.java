package io.fairlead.netfilter.nftables.print;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.Goldens;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Generated;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.TestNamespace;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.Unknown;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Our print against that of nft, for what nft loaded and for what we loaded. */
@Tag("kernel")
class NftPrinterKernelTest {

    private static final Pattern ELEMENTS = Pattern.compile("elements = \\{ ([^}]*) }");

    private TestNamespace namespace;
    private Nftables nftables;

    @BeforeEach
    void open() throws Exception {
        namespace = TestNamespace.create();
        nftables = namespace.inside(Nftables::open);
    }

    @AfterEach
    void close() throws Exception {
        nftables.close();
        namespace.close();
    }

    /** Blanks in one, elements in order, and no time that runs. */
    private static String normalised(String text) {
        var sorted = ELEMENTS.matcher(text.replaceAll("\\s+", " ").replaceAll(" expires [0-9a-z]+", ""))
                .replaceAll(match -> java.util.regex.Matcher.quoteReplacement("elements = { "
                        + String.join(
                                ", ",
                                Arrays.stream(match.group(1).split(", "))
                                        .sorted()
                                        .toList())
                        + " }"));
        return sorted.replaceAll(" ?\\} ?", "\n}\n").trim();
    }

    private TableImage checkPrint(TableId table) throws Exception {
        var image = nftables.read(table).orElseThrow();
        var printed = NftPrinter.print(image);
        assertThat(normalised(printed))
                .isEqualTo(
                        normalised(namespace.nft("list", "table", table.family().toString(), table.name())));
        return image;
    }

    /** What we print, nft loads, and the kernel holds the same again. */
    private void checkReload(TableImage image) throws Exception {
        var table = image.table().id();
        nftables.commit(new Transaction(table).deleteTable());
        namespace.load(NftPrinter.print(image));
        assertThat(Generated.withoutOrder(nftables.read(table).orElseThrow())).isEqualTo(Generated.withoutOrder(image));
    }

    @Test
    void theTablesOfKubeProxyArePrintedAsNftPrintsThem() throws Exception {
        int count = 0;
        for (var golden : Goldens.nft().entrySet()) {
            namespace.load(golden.getValue());
            var family = golden.getKey().endsWith("v4.txt") ? Family.IP : Family.IP6;
            var table = new TableId(family, "kube-proxy");
            var image = checkPrint(table);
            assertThat(NftPrinter.print(image)).as(golden.getKey()).doesNotContain("not printable");
            if (count++ % 8 == 0) {
                checkReload(image);
            }
            nftables.commit(new Transaction(table).deleteTable());
        }
        assertThat(count).isGreaterThan(50);
    }

    @Test
    void everythingThatNftCanSayAndWeKnowIsPrintedAlike() throws Exception {
        namespace.load("""
                table ip flt {
                  comment "all sorts"
                  set s1 { typeof ip saddr . meta mark ; flags dynamic,timeout ; timeout 90s ; size 100 ; }
                  set s2 { type inet_service ; flags interval ; elements = { 10-20, 30, 40-65535 } }
                  set s3 { type ipv4_addr . inet_service ; flags interval ; elements = { 10.0.0.0/8 . 80-90, 1.2.3.4 . 5 } }
                  set s4 { type ifname ; elements = { "eth0", "lo" } }
                  set s5 { type ipv4_addr ; flags constant ; elements = { 1.1.1.1 } }
                  set s6 { type ipv4_addr ; timeout 1h ; elements = { 10.0.0.1 timeout 5m comment "hi" } }
                  map m1 { typeof ip daddr . meta l4proto . th dport . numgen random mod 65536 : ip daddr . th dport ;
                           elements = { 10.0.0.1 . tcp . 80 . 0 : 10.1.0.1 . 8080 } }
                  map m2 { type ipv4_addr : mark ; elements = { 10.0.0.1 : 0x00000007 } }
                  map m3 { type ipv4_addr : verdict ; elements = { 10.0.0.1 : drop, 10.0.0.2 : goto c1, 10.0.0.3 : jump c1 } }
                  chain in { type filter hook input priority filter - 5; policy drop; }
                  chain nat1 { type nat hook prerouting priority dstnat - 10; policy accept; }
                  chain nat2 { type nat hook postrouting priority srcnat + 1; policy accept; }
                  chain r1 { type filter hook forward priority 77; policy accept; }
                  chain c1 { comment "a chain"
                    ip saddr 10.0.0.0/8 ip daddr != 10.96.0.0/12 counter packets 1 bytes 2 accept
                    ip saddr 10.0.0.0/9 ip saddr 1.2.3.4 ip daddr != 10.0.0.0-10.0.0.7 return
                    ct state established,related,new ct status dnat continue
                    meta mark 0x00000007 meta mark & 0x00004000 == 0x00004000 meta mark set 0x00000001
                    meta mark & 0x00004000 != 0x00000000 meta mark set meta mark ^ 0x00004000
                    meta mark set meta mark & 0x00004000
                    meta mark set meta mark | 0x00004000 comment "or"
                    iifname "br0" oifname != "cali*" drop
                    meta l4proto { tcp, udp } th dport @s2 reject with icmp host-prohibited
                    limit rate 10/second limit rate over 3/minute burst 7 packets log prefix "x " level info
                    log group 3
                    update @s1 { ip saddr . meta mark timeout 10s }
                    add @s1 { ip saddr . meta mark }
                    ip saddr . ip daddr { 1.1.1.1 . 2.2.2.2, 3.3.3.3 . 4.4.4.4 } notrack
                    ip saddr != { 10.0.0.0/8, 192.168.0.0/16 } drop
                    fib daddr type local fib saddr . iif type != unicast jump c2
                    numgen random mod 3 vmap { 0 : goto c2, 1 : drop, 2 : accept }
                    ip daddr vmap @m3 ip daddr . th dport @s3 drop
                    meta mark set ip saddr map @m2 iifname @s4 drop
                  }
                  chain c2 { }
                  chain n1 {
                    meta l4proto tcp dnat to 10.0.0.1:80
                    meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport . numgen random mod 3 map @m1
                    meta l4proto tcp dnat ip to numgen random mod 2 map { 0 : 10.0.0.1 . 80, 1 : 10.0.0.2 . 81 }
                    dnat to 10.0.0.1 random
                    redirect
                    meta l4proto tcp redirect to :8080
                  }
                  chain n2 {
                    masquerade fully-random
                    masquerade random,persistent
                    snat to 10.0.0.9
                  }
                }
                """);
        checkReload(checkPrint(new TableId(Family.IP, "flt")));
        namespace.load("""
                table ip6 flt {
                  flags dormant
                  chain c {
                    ip6 saddr fd00::/8 ip6 daddr != fd00:1::/33 ip6 saddr ::1 reject
                    reject with icmpv6 admin-prohibited
                    ip6 saddr . ip6 daddr . meta l4proto . th dport vmap { fd00::1 . fd00::2 . tcp . 80 : drop }
                  }
                  chain n { type nat hook output priority -100; policy accept;
                    meta l4proto udp dnat to [fd00::1]:53
                    meta l4proto tcp dnat ip6 to numgen random mod 1 map { 0 : fd00::5 . 53 }
                  }
                }
                """);
        checkReload(checkPrint(new TableId(Family.IP6, "flt")));
    }

    @Test
    void whatCannotBePrintedIsNotLoadable() {
        assertThat(NftPrinter.rule(
                        Family.IP, Rule.of(new Unknown("nothing", Data.of())).withComment("a \"b\"")))
                .isEqualTo("<not printable: nothing of Unknown[kernelName=nothing, attributes=]>"
                        + " comment <not printable: a ?b?>");
        assertThat(ValueText.of(List.of(DataType.IPV4_ADDR), Data.of((byte) 1))).isEqualTo("0x01");
    }
}
