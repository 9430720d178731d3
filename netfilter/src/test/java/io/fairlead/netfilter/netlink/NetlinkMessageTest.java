package io.fairlead.netfilter.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {

    @Test
    void whatIsWrittenIsReadBack() {
        var datagram = new ByteArrayOutputStream();
        datagram.writeBytes(new NetlinkMessage(0x101, 0x301, 7, new byte[] {1, 2, 3, 4}).toBytes());
        datagram.writeBytes(new NetlinkMessage(3, 2, 8, new byte[] {0, 0, 0, 0}).toBytes());
        var messages = NetlinkMessage.parse(datagram.toByteArray());
        assertThat(messages).hasSize(2);
        assertThat(messages.getFirst().type()).isEqualTo(0x101);
        assertThat(messages.getFirst().payload()).containsExactly(1, 2, 3, 4);
        assertThat(messages.getLast().sequence()).isEqualTo(8);
        assertThat(messages.getLast().errno()).isZero();
    }

    @Test
    void randomBytesAreReadUpToWhereTheyMakeNoSense() {
        var random = new Random(1);
        for (int i = 0; i < 50_000; i++) {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            if (bytes.length > 4 && random.nextBoolean()) {
                // A length that is possible, so that reading goes on.
                bytes[1] = 0;
                bytes[2] = 0;
                bytes[3] = 0;
            }
            for (var message : NetlinkMessage.parse(bytes)) {
                assertThat(message.payload().length).isLessThanOrEqualTo(bytes.length);
            }
        }
    }
}
