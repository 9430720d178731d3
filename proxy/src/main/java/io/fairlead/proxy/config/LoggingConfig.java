package io.fairlead.proxy.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Section {@code logging}.
 *
 * @param format {@code text} or {@code json}
 * @param verbosity 0 and up; higher says more
 * @param vmodule verbosity of single source files
 */
public record LoggingConfig(
        String format,
        FlushFrequency flushFrequency,
        long verbosity,
        List<VmoduleItem> vmodule,
        FormatOptions text,
        FormatOptions json) {

    /** The verbosity of the source files that match a pattern. */
    public record VmoduleItem(String filePattern, long verbosity) {}

    /**
     * @param splitStream informational lines to standard output, the rest to standard error
     * @param infoBufferSize a Kubernetes quantity of bytes
     */
    public record FormatOptions(boolean splitStream, String infoBufferSize) {

        public static final FormatOptions DEFAULT = new FormatOptions(false, "0");

        /** Whether a buffer of any size is asked for. */
        boolean buffers() {
            return infoBufferSize.chars().anyMatch(c -> c >= '1' && c <= '9');
        }

        /** The buffer's size, at most what an array can hold (kube-proxy: 2 GiB); 0 for none. */
        public int bufferBytes() {
            var parts = QUANTITY.matcher(infoBufferSize);
            if (!buffers() || !parts.matches()) {
                return 0;
            }
            var suffix = Objects.requireNonNullElse(parts.group(2), "");
            var number = new BigDecimal(infoBufferSize.substring(0, infoBufferSize.length() - suffix.length()));
            var bytes = number.multiply(factor(suffix)).max(BigDecimal.ZERO);
            return bytes.min(BigDecimal.valueOf(Integer.MAX_VALUE - 8)).intValue();
        }

        private static BigDecimal factor(String suffix) {
            if (suffix.matches("[eE].+")) {
                return new BigDecimal("1" + suffix);
            }
            boolean binary = suffix.endsWith("i");
            int power = "KMGTPE".indexOf(suffix.isEmpty() ? ' ' : Character.toUpperCase(suffix.charAt(0))) + 1;
            return switch (suffix) {
                case "n" -> BigDecimal.valueOf(1, 9);
                case "u" -> BigDecimal.valueOf(1, 6);
                case "m" -> BigDecimal.valueOf(1, 3);
                default -> BigDecimal.valueOf(binary ? 1024 : 1000).pow(power);
            };
        }
    }

    public static final LoggingConfig DEFAULT = new LoggingConfig(
            "text", FlushFrequency.DEFAULT, 0, List.of(), FormatOptions.DEFAULT, FormatOptions.DEFAULT);

    // k8s.io/apimachinery/pkg/api/resource: number, then binary suffix, decimal suffix or exponent
    private static final Pattern QUANTITY =
            Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\\d+)?");

    public LoggingConfig {
        vmodule = List.copyOf(vmodule);
    }

    /** Whether the text is a Kubernetes quantity such as {@code 0}, {@code 64Ki} or {@code 1.5M}. */
    public static boolean isQuantity(String text) {
        return QUANTITY.matcher(text).matches();
    }

    /** These patterns first, then the ones there were. */
    public LoggingConfig withVmoduleFirst(List<VmoduleItem> first) {
        var all = Stream.concat(first.stream(), vmodule.stream()).toList();
        return new LoggingConfig(format, flushFrequency, verbosity, all, text, json);
    }
}
