package io.fairlead.netfilter.nftables.wire;

import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.netlink.NetlinkMessage;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Generated;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * Feeds the decoder with random bytes, and with true messages that were changed here and there: all that may come of it is a
 * message, nothing, or a {@link MalformedMessageException}. Run it with a number of minutes for a long campaign.
 */
public final class FuzzNetlink {

    private final Random random;
    private final List<byte[]> seeds = new ArrayList<>();
    private long decoded;
    private long refused;

    FuzzNetlink(long seed) {
        random = new Random(seed);
        for (int i = 0; i < 20; i++) {
            try (var batch = Batch.of(Generated.creation(Generated.table(random.nextLong())))) {
                for (var message : NetlinkMessage.parse(batch.messages().copy(0, batch.size()))) {
                    if (message.type() >>> 8 == NfTables.NFNL_SUBSYS_NFTABLES && message.payload().length < 4_000) {
                        seeds.add(withType(message));
                    }
                }
            }
        }
    }

    /** The message's type in the first byte, its payload behind it. */
    private static byte[] withType(NetlinkMessage message) {
        var bytes = new byte[message.payload().length + 1];
        bytes[0] = (byte) message.type();
        System.arraycopy(message.payload(), 0, bytes, 1, message.payload().length);
        return bytes;
    }

    long decoded() {
        return decoded;
    }

    long refused() {
        return refused;
    }

    void once() {
        var bytes = random.nextInt(10) == 0 ? noise() : mutated(seeds.get(random.nextInt(seeds.size())));
        try {
            feed(bytes);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("bytes " + HexFormat.of().formatHex(bytes), e);
        }
    }

    private void feed(byte[] bytes) {
        var payload = java.util.Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length);
        int type = NfTables.type(bytes.length == 0 ? 0 : bytes[0] & 0x1f);
        try {
            MessageReader.read(type, payload).ifPresent(FuzzNetlink::print);
            decoded++;
        } catch (MalformedMessageException e) {
            refused++;
        }
        // Datagrams and elements in refused messages are read, too, and never fail.
        NetlinkMessage.parse(payload);
        MessageReader.elementAt(payload, random.nextInt(200) - 20);
    }

    private static void print(Message message) {
        if (message instanceof Message.OfRule of) {
            NftPrinter.rule(Family.IP, of.rule());
        }
    }

    private byte[] noise() {
        var bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] mutated(byte[] seed) {
        var bytes = seed.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, Math.max(1, at));
                default -> bytes[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
            }
        }
        return bytes;
    }

    public static void main(String[] args) {
        var end = Instant.now().plus(Duration.ofMinutes(Long.parseLong(args[0])));
        long seed = args.length > 1 ? Long.parseLong(args[1]) : System.nanoTime();
        System.out.println("seed " + seed);
        var fuzz = new FuzzNetlink(seed);
        while (Instant.now().isBefore(end)) {
            for (int i = 0; i < 10_000; i++) {
                fuzz.once();
            }
        }
        System.out.println(fuzz.decoded + " decoded, " + fuzz.refused + " refused, nothing else");
    }
}
