package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.proxy.config.GoDuration;
import io.fairlead.proxy.config.LoggingConfig;
import java.time.Duration;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What may stand behind a flag, with kube-proxy's words for what may not. */
final class FlagValue {

    private FlagValue() {}

    static final class Bool implements ITypeConverter<Boolean> {

        private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
        private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

        static boolean parse(String text) {
            if (TRUE.contains(text) || FALSE.contains(text)) {
                return TRUE.contains(text);
            }
            throw new TypeConversionException("strconv.ParseBool: parsing " + Text.quote(text) + ": invalid syntax");
        }

        @Override
        public Boolean convert(String text) {
            return parse(text);
        }
    }

    static final class Int32 implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return (int) number(text, Integer.MIN_VALUE, Integer.MAX_VALUE, "ParseInt");
        }
    }

    static final class Uint32 implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            return number(text, 0, 0xffff_ffffL, "ParseUint");
        }
    }

    static long number(String text, long min, long max, String function) {
        String problem = "strconv." + function + ": parsing " + Text.quote(text) + ": ";
        if (!text.matches(min < 0 ? "[-+]?[0-9]+" : "[0-9]+")) {
            throw new TypeConversionException(problem + "invalid syntax");
        }
        // 19 digits and more are out of every range asked for here.
        long value = text.length() > 18 ? Long.MAX_VALUE : Long.parseLong(text);
        if (value < min || value > max) {
            throw new TypeConversionException(problem + "value out of range");
        }
        return value;
    }

    static final class Float32 implements ITypeConverter<Float> {
        @Override
        public Float convert(String text) {
            try {
                return Float.parseFloat(text);
            } catch (NumberFormatException _) {
                throw new TypeConversionException(
                        "strconv.ParseFloat: parsing " + Text.quote(text) + ": invalid syntax");
            }
        }
    }

    static final class GoTime implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return GoDuration.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    static final class Quantity implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!LoggingConfig.isQuantity(text)) {
                throw new TypeConversionException(
                        "not a quantity (a number with an optional suffix such as k, M, Ki, Mi)");
            }
            return text;
        }
    }

    /** An address as text; empty is allowed and changes nothing. */
    static final class Ip implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return text.isEmpty() ? text : ip(text, text);
        }
    }

    private static String ip(String address, String text) {
        if (IpAddress.tryParse(address).isEmpty()) {
            throw new TypeConversionException(Text.quote(address) + " is not a valid IP address");
        }
        return text;
    }

    /** An address, or address:port with the brackets IPv6 needs; port 0 is left for validation. */
    static final class IpPort implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (text.isEmpty() || IpAddress.tryParse(text).isPresent()) {
                return text;
            }
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? text : text.substring(0, colon);
            boolean brackets = host.startsWith("[") && host.endsWith("]");
            if (colon < 0 || !brackets && host.indexOf(':') >= 0) {
                String problem = colon < 0 ? "missing port in address" : "too many colons in address";
                throw new TypeConversionException(Text.quote(text)
                        + " is not in a valid format (ip or ip:port): address " + text + ": " + problem);
            }
            ip(brackets ? host.substring(1, host.length() - 1) : host, text);
            String port = text.substring(colon + 1);
            if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
                throw new TypeConversionException(Text.quote(port) + " is not a valid number");
            }
            return text;
        }
    }

    /** {@code Name=true}. */
    static final class Gate implements ITypeConverter<FeatureGate> {
        @Override
        public FeatureGate convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 0) {
                throw new TypeConversionException("missing bool value for " + text);
            }
            String name = text.substring(0, equals).strip();
            String value = text.substring(equals + 1).strip();
            try {
                return new FeatureGate(name, Bool.parse(value));
            } catch (TypeConversionException e) {
                throw new TypeConversionException(
                        "invalid value of " + name + ": " + value + ", err: " + e.getMessage());
            }
        }
    }

    /** {@code pattern=N}. */
    static final class Vmodule implements ITypeConverter<LoggingConfig.VmoduleItem> {
        @Override
        public LoggingConfig.VmoduleItem convert(String text) {
            int equals = text.indexOf('=');
            if (equals < 1 || !text.substring(equals + 1).matches("[0-9]{1,9}")) {
                throw new TypeConversionException(Text.quote(text) + " does not have the pattern=N format");
            }
            return new LoggingConfig.VmoduleItem(text.substring(0, equals), Long.parseLong(text.substring(equals + 1)));
        }
    }

    /** One feature gate as set on the command line. */
    record FeatureGate(String name, boolean enabled) {}
}
