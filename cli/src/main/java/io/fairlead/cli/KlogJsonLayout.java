package io.fairlead.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' JSON log format: {@code {"ts":1795384258630.4207,"caller":"cli/Source.java:12","msg":"…","v":0,"key":"value"}},
 * one line per event. {@code ts} counts milliseconds; only what is no error has {@code v}, its verbosity.
 */
final class KlogJsonLayout extends LayoutBase<ILoggingEvent> {

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(200).append("{\"ts\":").append(milliseconds(event.getInstant()));
        member("caller", caller(event), line);
        member("msg", String.valueOf(event.getFormattedMessage()), line);
        if (event.getLevel().levelInt != Level.ERROR_INT) {
            line.append(",\"v\":").append(verbosity(event.getLevel()));
        }
        keyValues(event).forEach((key, value) -> member(key, value, line));
        return line.append("}\n").toString();
    }

    /** A key that is given twice counts the last time. */
    private static Map<String, @Nullable Object> keyValues(ILoggingEvent event) {
        var pairs = new LinkedHashMap<String, @Nullable Object>();
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> pairs.put(pair.key, pair.value));
        }
        var thrown = event.getThrowableProxy();
        if (thrown != null) {
            var frames = new StringBuilder();
            for (var frame : thrown.getStackTraceElementProxyArray()) {
                frames.append(frames.isEmpty() ? "" : " < ").append(frame.getStackTraceElement());
            }
            pairs.put("err", thrown.getClassName() + ": " + thrown.getMessage());
            pairs.put("stacktrace", frames.toString());
        }
        return pairs;
    }

    private static String milliseconds(Instant instant) {
        long tenthsOfMicroseconds = instant.getEpochSecond() * 10_000_000 + instant.getNano() / 100;
        return BigDecimal.valueOf(tenthsOfMicroseconds, 4).toPlainString();
    }

    private static String caller(ILoggingEvent event) {
        var caller = event.getCallerData();
        if (caller.length == 0 || caller[0].getFileName() == null) {
            return event.getLoggerName();
        }
        var names = caller[0].getClassName().split("\\.", -1);
        var folder = names.length > 1 ? names[names.length - 2] + "/" : "";
        return folder + caller[0].getFileName() + ":" + caller[0].getLineNumber();
    }

    /** The {@code -v} from which on such an event is written, as {@link LogSetup} has it. */
    private static int verbosity(Level level) {
        return switch (level.levelInt) {
            case Level.DEBUG_INT -> LogSetup.DEBUG_VERBOSITY;
            case Level.TRACE_INT -> LogSetup.TRACE_VERBOSITY;
            default -> 0;
        };
    }

    private static void member(String key, @Nullable Object value, StringBuilder line) {
        line.append(',');
        string(key, line);
        line.append(':');
        value(value, line);
    }

    private static void value(@Nullable Object value, StringBuilder line) {
        switch (value) {
            case null -> line.append("null");
            case Integer number -> line.append(number.intValue());
            case Long number -> line.append(number.longValue());
            case Boolean flag -> line.append(flag.booleanValue());
            case Throwable thrown -> string(String.valueOf(thrown.getMessage()), line);
            case Collection<?> items -> array(items, line);
            default -> string(value.toString(), line);
        }
    }

    private static void array(Collection<?> items, StringBuilder line) {
        line.append('[');
        boolean first = true;
        for (var item : items) {
            if (!first) {
                line.append(',');
            }
            first = false;
            value(item, line);
        }
        line.append(']');
    }

    /** RFC 8259, and nothing that a terminal would act upon. */
    private static void string(String text, StringBuilder line) {
        line.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> line.append("\\\"");
                case '\\' -> line.append("\\\\");
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                    if (Text.steers(c)) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }
}
