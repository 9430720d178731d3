package io.fairlead.netfilter.nftables.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.NetlinkMessage;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Command.OfElements;
import io.fairlead.netfilter.nftables.Command.Verb;
import io.fairlead.netfilter.nftables.Ct;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.DataType;
import io.fairlead.netfilter.nftables.Element;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.Hook;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.RandomNumber;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.Verdict;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The messages are byte for byte those of nft 1.0.6 for the same commands, recorded from it on a little-endian machine;
 * sequence numbers aside.
 */
class GoldenBytesTest {

    private static final Table TABLE = Table.of(Family.IP, "kube-proxy").withComment("rules for kube-proxy");
    private static final String TABLE_NAME = "0f000100 6b756265 2d70726f 78790000 ";
    private static final NftSet SERVICE_IPS = NftSet.verdictMap(
                    "service-ips", DataType.IPV4_ADDR, DataType.INET_PROTO, DataType.INET_SERVICE)
            .withComment("ClusterIP, ExternalIP and LoadBalancer IP traffic");
    private static final String KUBERNETES = "service-2QRHZV4L-default/kubernetes/tcp/https";

    private final Transaction transaction = new Transaction(TABLE.id());

    @BeforeEach
    void recordedOnLittleEndian() {
        assumeThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void beginAndEndOfABatch() {
        transaction.add(TABLE);
        try (var batch = Batch.of(transaction)) {
            var all = HexFormat.of().formatHex(batch.messages().copy(0, batch.size()));
            assertThat(all).startsWith("1400000010000100000000000000000000000" + "00a");
            assertThat(all).endsWith("140000001100010002000000000000000000000a");
        }
    }

    @Test
    void table() {
        transaction.add(TABLE);
        check("000a 0100 02000000" + TABLE_NAME + "08000200 00000000 1b000600 00157275 6c657320 666f7220 6b756265"
                + "2d70726f 78790000");
    }

    @Test
    void baseChain() {
        transaction.add(Chain.base("filter-prerouting-pre-dnat", Hook.filter(Hook.Point.PREROUTING, -110)));
        check("030a 0104 02000000" + TABLE_NAME + "1f000300 66696c74 65722d70 7265726f 7574696e 672d7072 652d646e"
                + "61740000 0b000700 66696c74 65720000 14000480 08000100 00000000 08000200 ffffff92");
    }

    @Test
    void flushOfAChain() {
        transaction.flushChain("filter-prerouting-pre-dnat");
        check("080a 0100 02000000" + TABLE_NAME + "1f000200 66696c74 65722d70 7265726f 7574696e 672d7072 652d646e"
                + "61740000");
    }

    @Test
    void ruleWithConntrackState() {
        transaction.add(
                "filter-input",
                RuleBuilder.of(IpFamily.IPV4)
                        .whenCtState(Ct.STATE_NEW)
                        .jump("nodeport-endpoints-check")
                        .build());
        check("060a 010c 02000000" + TABLE_NAME + "11000200 66696c74 65722d69 6e707574 00000000 e4000480 20000180"
                + "07000100 63740000 14000280 08000200 00000000 08000100 00000001 44000180"
                + "0c000100 62697477 69736500 34000280 08000100 00000001 08000200 00000001"
                + "08000300 00000004 0c000480 08000100 08000000 0c000580 08000100 00000000"
                + "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000001"
                + "0c000380 08000100 00000000 50000180 0e000100 696d6d65 64696174 65000000"
                + "3c000280 08000100 00000000 30000280 2c000280 08000100 fffffffd 1d000200"
                + "6e6f6465 706f7274 2d656e64 706f696e 74732d63 6865636b 00000000");
    }

    @Test
    void verdictMapItsRuleAndItsElements() {
        addSets(6);
        transaction.add(SERVICE_IPS);
        check("090a 0104 02000000" + TABLE_NAME + "10000200 73657276 6963652d 69707300 08000300 00000008 08000400"
                + "0000730d 08000500 0000000c 08000600 ffffff00 08000700 00000000 08000a00"
                + "00000007 54000d00 00040000 00000104 00000000 03080004 0d000000 01000604"
                + "00000000 0732436c 75737465 7249502c 20457874 65726e61 6c495020 616e6420"
                + "4c6f6164 42616c61 6e636572 20495020 74726166 66696300");

        transaction.add(
                "services",
                RuleBuilder.of(IpFamily.IPV4)
                        .vmap(SetRef.named("service-ips"), Field.IP_DADDR, Field.META_L4PROTO, Field.TH_DPORT)
                        .build());
        check("060a 010c 02000000" + TABLE_NAME + "0d000200 73657276 69636573 00000000 cc000480 34000180 0c000100"
                + "7061796c 6f616400 24000280 08000100 00000001 08000200 00000001 08000300"
                + "00000010 08000400 00000004 24000180 09000100 6d657461 00000000 14000280"
                + "08000200 00000010 08000100 00000009 34000180 0c000100 7061796c 6f616400"
                + "24000280 08000100 0000000a 08000200 00000002 08000300 00000002 08000400"
                + "00000002 3c000180 0b000100 6c6f6f6b 75700000 2c000280 08000200 00000001"
                + "08000300 00000000 10000100 73657276 6963652d 69707300 08000400 00000007");

        transaction.add(
                SERVICE_IPS, List.of(Element.of(Data.ofHex("0a6000010600000001bb0000"), Verdict.goTo(KUBERNETES))));
        check("0c0a 0104 02000000" + TABLE_NAME + "10000200 73657276 6963652d 69707300 08000400 00000007 60000380"
                + "5c000180 14000180 10000100 0a600001 06000000 01bb0000 44000280 40000280"
                + "08000100 fffffffc 32000200 73657276 6963652d 32515248 5a56344c 2d646566"
                + "61756c74 2f6b7562 65726e65 7465732f 7463702f 68747470 73000000");
    }

    @Test
    void ruleWithAnAnonymousMapIsThreeMessages() {
        addSets(10);
        var endpoints = new SetRef.Anonymous(
                List.of(new RandomNumber(1).type()),
                List.of(DataType.IPV4_ADDR, DataType.INET_SERVICE),
                false,
                List.of(Element.of(Data.ofHostInt(0), Data.ofHex("c0a86401192b0000"))));
        transaction.add(
                KUBERNETES,
                RuleBuilder.of(IpFamily.IPV4)
                        .whenProtocol(6)
                        .dnatTo(endpoints, new RandomNumber(1))
                        .build());
        check(
                "090a 0104 02000000" + TABLE_NAME + "0c000200 5f5f6d61 70256400 08000300 0000000b 08000400 00000004"
                        + "08000500 00000004 08000600 000001cd 08000700 00000008 08000a00 0000000b"
                        + "0c000980 08000100 00000001 16000d00 00040100 00000104 00000000 06040000 00000000",
                "0c0a 0104 02000000" + TABLE_NAME + "0c000200 5f5f6d61 70256400 08000400 0000000b 24000380 20000180"
                        + "0c000180 08000100 00000000 10000280 0c000100 c0a86401 192b0000",
                "060a 010c 02000000" + TABLE_NAME + "32000200 73657276 6963652d 32515248 5a56344c 2d646566 61756c74"
                        + "2f6b7562 65726e65 7465732f 7463702f 68747470 73000000 f0000480 24000180"
                        + "09000100 6d657461 00000000 14000280 08000200 00000010 08000100 00000001"
                        + "2c000180 08000100 636d7000 20000280 08000100 00000001 08000200 00000000"
                        + "0c000380 05000100 06000000 34000180 0b000100 6e756d67 656e0000 24000280"
                        + "08000100 00000001 08000200 00000001 08000300 00000001 08000400 00000000"
                        + "38000180 0b000100 6c6f6f6b 75700000 28000280 08000200 00000001 08000300"
                        + "00000001 0c000100 5f5f6d61 70256400 08000400 0000000b 30000180 08000100"
                        + "6e617400 24000280 08000100 00000001 08000200 00000002 08000300 00000001"
                        + "08000500 00000009");
    }

    @Test
    void elementsGoOnInAnotherMessageWhereAnAttributeIsFull() {
        var set = NftSet.set("s", DataType.INET_PROTO, DataType.INET_SERVICE);
        var batch = new Batch(TABLE.id());
        try (batch) {
            batch.beginElements(new OfElements(Verb.ADD, set, List.of()));
            for (int i = 0; i < 10_000; i++) {
                batch.element(Element.of(Data.concat(Data.ofByte(6), Data.ofShort(i))));
            }
            batch.endElements().end();
            var messages = NetlinkMessage.parse(batch.messages().copy(0, batch.size()));
            // 20 bytes each: header of the entry, of its key, of the value, and 8 bytes.
            assertThat(messages).hasSize(2 + (int) Math.ceil(10_000 * 20 / 65_531.0));
            assertThat(batch.elementAt(2, 100).orElseThrow().key().at(5)).isNotZero();
        }
    }

    /** Sets before the ones that are looked at, so that they get the same numbers as in the recording. */
    private void addSets(int count) {
        for (int i = 1; i <= count; i++) {
            transaction.add(NftSet.set("set" + i, DataType.IPV4_ADDR));
        }
    }

    /** The last messages of the transaction: type, flags, and everything after the sequence number and the port. */
    private void check(String... last) {
        try (var batch = Batch.of(transaction)) {
            var bytes = batch.messages().copy(0, batch.size());
            var messages = NetlinkMessage.parse(bytes);
            int end = messages.size() - 1;
            for (int i = 0; i < last.length; i++) {
                var message = messages.get(end - last.length + i);
                // The last message asks for an acknowledgement; nft's did not.
                int flags = message.flags() & ~NfTables.NLM_F_ACK;
                var text = "%02x%02x%02x%02x"
                                .formatted(message.type() & 0xff, message.type() >>> 8, flags & 0xff, flags >>> 8)
                        + HexFormat.of().formatHex(message.payload());
                assertThat(text).isEqualTo(last[i].replace(" ", ""));
            }
        }
    }
}
