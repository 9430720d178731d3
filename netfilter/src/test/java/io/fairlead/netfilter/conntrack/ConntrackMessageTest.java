package io.fairlead.netfilter.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.MalformedMessageException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ConntrackMessageTest {

    /** An entry as Linux 6.18 sent it, less its counters. */
    private static final byte[] RECORDED = HexFormat.of()
            .parseHex("02000000"
                    + "340001801400018008000100" + "0a000001" + "08000200" + "0a600001"
                    + "1c000280" + "05000100" + "11000000" + "06000200" + "13880000" + "06000300" + "00350000"
                    + "340002801400018008000100" + "0a000002" + "08000200" + "0a000001"
                    + "1c000280" + "05000100" + "11000000" + "06000200" + "14e90000" + "06000300" + "13880000"
                    + "08000300" + "000001a8" + "08000700" + "0000001e" + "08000800" + "00000000"
                    + "08000c00" + "8a12f00d" + "08000b00" + "00000001");

    @Test
    void anEntryOfTheKernelIsRead() throws Exception {
        var flow = ConntrackMessage.decode(RECORDED);
        assertThat(flow)
                .isEqualTo(new ConntrackFlow(
                        IpFamily.IPV4,
                        new FlowTuple(
                                IpAddress.parse("10.0.0.1"), IpAddress.parse("10.96.0.1"), FlowTuple.UDP, 5000, 53),
                        new FlowTuple(
                                IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.1"), FlowTuple.UDP, 5353, 5000),
                        0x1a8,
                        0,
                        30,
                        0,
                        0x8a12f00d));
        assertThat(flow.destinationTranslated()).isTrue();
        assertThat(flow).hasToString("10.0.0.1:5000 -> 10.96.0.1:53 answered by 10.0.0.2:5353");
    }

    /** As a kernel with accounting says it: CTA_COUNTERS_ORIG and _REPLY, each with packets and bytes. */
    @Test
    void whatAFlowHasCarriedIsRead() throws Exception {
        var counters = HexFormat.of()
                .parseHex("1c000980" + "0c000100" + "0000000000000003" + "0c000200" + "0000000100000180" + "1c000a80"
                        + "0c000100" + "0000000000000002" + "0c000200" + "000000000000009c");
        var message = Arrays.copyOf(RECORDED, RECORDED.length + counters.length);
        System.arraycopy(counters, 0, message, RECORDED.length, counters.length);

        assertThat(ConntrackMessage.decode(message).counts()).isEqualTo(new FlowCounts(3, 0x1_0000_0180L, 2, 156));
        assertThat(ConntrackMessage.decode(RECORDED).counts()).isEqualTo(FlowCounts.NONE);
    }

    @Test
    void whatIsWrittenIsReadBack() throws Exception {
        var random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            var flow = Flows.random(random);
            assertThat(ConntrackMessage.decode(ConntrackMessage.encode(flow))).isEqualTo(flow);
        }
    }

    @Test
    void damagedMessagesAreReadOrRefusedWithTheOneFailure() {
        var random = new Random(3);
        for (int i = 0; i < 50_000; i++) {
            var message = RECORDED.clone();
            for (int changes = random.nextInt(1, 6); changes > 0; changes--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            decode(random.nextBoolean() ? message : Arrays.copyOf(message, random.nextInt(message.length)));
        }
    }

    @Test
    void randomBytesAreReadOrRefusedWithTheOneFailure() {
        var random = new Random(4);
        for (int i = 0; i < 50_000; i++) {
            var message = new byte[random.nextInt(120)];
            random.nextBytes(message);
            decode(message);
        }
    }

    private static void decode(byte[] message) {
        try {
            var flow = ConntrackMessage.decode(message);
            assertThat(flow.original()).isNotNull();
        } catch (MalformedMessageException e) {
            assertThat(e).hasMessageMatching("(conntrack|netlink|IPv[46]) .*");
        }
    }

    @Test
    void aMessageWithoutBothTuplesIsRefused() {
        assertThatThrownBy(() -> ConntrackMessage.decode(Arrays.copyOf(RECORDED, 4 + 52)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("without the reply tuple");
    }

    @Test
    void anIpv6AddressHasNoPlaceInAnIpv4Flow() {
        var tuple = new FlowTuple(IpAddress.parse("fd00::1"), IpAddress.parse("fd00::2"), FlowTuple.UDP, 1, 2);
        var flow = new ConntrackFlow(IpFamily.IPV4, tuple, tuple, 0, 0, 0, 0, 0);
        assertThatThrownBy(() -> ConntrackMessage.encode(flow)).isInstanceOf(IllegalArgumentException.class);
    }
}
