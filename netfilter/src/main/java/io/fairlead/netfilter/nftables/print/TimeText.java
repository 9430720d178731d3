package io.fairlead.netfilter.nftables.print;

/** Durations as nft writes them: {@code 1d2h3m4s5ms}. */
final class TimeText {

    private static final long[] UNITS = {86_400_000, 3_600_000, 60_000, 1_000, 1};
    private static final String[] NAMES = {"d", "h", "m", "s", "ms"};

    private TimeText() {}

    static String of(long millis) {
        if (millis == 0) {
            return "0s";
        }
        var text = new StringBuilder();
        long rest = millis;
        for (int i = 0; i < UNITS.length; i++) {
            long count = Long.divideUnsigned(rest, UNITS[i]);
            if (count != 0) {
                text.append(Long.toUnsignedString(count)).append(NAMES[i]);
                rest -= count * UNITS[i];
            }
        }
        return text.toString();
    }
}
