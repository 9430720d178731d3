package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SctpPacketTest {

    private static final SctpPacket INIT = SctpPacket.init(40000, 9999, 0x11223344);

    @Test
    void whatIsWrittenIsReadBack() {
        var read = SctpPacket.parse(ByteBuffer.wrap(INIT.toBytes())).orElseThrow();
        assertThat(read).usingRecursiveComparison().isEqualTo(INIT);
    }

    @Test
    void theAnswerCarriesItsCookieAndBelongsToTheInit() {
        var ack = INIT.ack(7, "pod-1 10.0.0.1 40000");
        var read = SctpPacket.parse(ByteBuffer.wrap(ack.toBytes())).orElseThrow();
        assertThat(read.answers(INIT)).isTrue();
        assertThat(read.answers(SctpPacket.init(40000, 9999, 0x11223345))).isFalse();
        assertThat(read.cookie()).isEqualTo("pod-1 10.0.0.1 40000");
        assertThat(ack.toBytes().length % 4).isZero();
    }

    @Test
    void anyFlippedBitIsNoticed() {
        byte[] bytes = INIT.toBytes();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] damaged = bytes.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(SctpPacket.parse(ByteBuffer.wrap(damaged)))
                    .as("bit %d", bit)
                    .isEmpty();
        }
    }

    @Test
    void truncatedPacketsAreNotRead() {
        byte[] bytes = INIT.ack(7, "abc").toBytes();
        for (int length = 0; length < bytes.length; length++) {
            assertThat(SctpPacket.parse(ByteBuffer.wrap(bytes, 0, length))).isEmpty();
        }
    }
}
