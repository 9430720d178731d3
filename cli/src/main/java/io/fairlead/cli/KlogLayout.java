package io.fairlead.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.CoreConstants;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.helpers.BasicMarkerFactory;

/**
 * Kubernetes' text log format: {@code I1123 01:02:03.456789       1 Source.java:12] "message" key="value"}. One line per
 * event, whatever message and values hold: object names come from strangers.
 */
final class KlogLayout extends LayoutBase<ILoggingEvent> {

    /** On an event whose message is written as it is, without quotes: lines that are older than structured logging. */
    static final Marker PLAIN = new BasicMarkerFactory().getMarker("plain");

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MMdd HH:mm:ss.SSSSSS", Locale.ROOT);

    private final String pid;
    private final ZoneId zone = ZoneId.systemDefault();

    KlogLayout(long pid) {
        this.pid = String.format(Locale.ROOT, "%7d", pid);
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(160)
                .append(letter(event))
                .append(TIME.format(event.getInstant().atZone(zone)))
                .append(' ')
                .append(pid)
                .append(' ');
        source(event, line);
        var message = String.valueOf(event.getFormattedMessage());
        boolean plain = event.getMarkerList() != null && event.getMarkerList().contains(PLAIN);
        line.append("] ").append(plain ? Text.escapeControls(message) : Text.quote(message));
        var pairs = event.getKeyValuePairs();
        if (pairs != null) {
            pairs.forEach(pair -> pair(pair, line));
        }
        thrown(event, line);
        return line.append(CoreConstants.LINE_SEPARATOR).toString();
    }

    private static char letter(ILoggingEvent event) {
        return switch (event.getLevel().levelInt) {
            case Level.ERROR_INT -> 'E';
            case Level.WARN_INT -> 'W';
            default -> 'I';
        };
    }

    private static void source(ILoggingEvent event, StringBuilder line) {
        var caller = event.getCallerData();
        if (caller.length == 0 || caller[0].getFileName() == null) {
            line.append(event.getLoggerName());
        } else {
            line.append(caller[0].getFileName()).append(':').append(caller[0].getLineNumber());
        }
    }

    private static void pair(KeyValuePair pair, StringBuilder line) {
        line.append(' ').append(Text.escapeControls(pair.key)).append('=').append(value(pair.value));
    }

    private static String value(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case Throwable thrown -> Text.quote(String.valueOf(thrown.getMessage()));
            case Collection<?> items ->
                items.stream().map(KlogLayout::value).collect(Collectors.joining(",", "[", "]"));
            default -> Text.quote(value.toString());
        };
    }

    /** What nobody expected comes with its stack, still on the one line. */
    private static void thrown(ILoggingEvent event, StringBuilder line) {
        var thrown = event.getThrowableProxy();
        if (thrown == null) {
            return;
        }
        line.append(" err=").append(Text.quote(thrown.getClassName() + ": " + thrown.getMessage()));
        var frames = new StringBuilder();
        for (var frame : thrown.getStackTraceElementProxyArray()) {
            frames.append(frames.isEmpty() ? "" : " < ").append(frame.getStackTraceElement());
        }
        line.append(" stack=").append(Text.quote(frames.toString()));
    }
}
