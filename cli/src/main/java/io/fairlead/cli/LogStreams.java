package io.fairlead.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.fairlead.proxy.config.LoggingConfig.FormatOptions;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/**
 * Informational lines on standard output, warnings and errors on standard error ({@code --log-text-split-stream} and its
 * like). Only what goes to standard output may be held back, in a buffer that is written out when it is full, from time to
 * time, and at the end.
 */
final class LogStreams {

    private static final String INFO = "info";

    private LogStreams() {}

    /**
     * Adds standard output for what is informational; the other appender gets the rest.
     *
     * @param flushFrequency how long a line may be held back
     */
    static void split(
            Logger root,
            OutputStreamAppender<ILoggingEvent> errors,
            Encoder<ILoggingEvent> encoder,
            FormatOptions options,
            Duration flushFrequency) {
        var threshold = new ThresholdFilter();
        threshold.setLevel(Level.WARN.toString());
        threshold.start();
        errors.addFilter(threshold);
        int size = options.bufferBytes();
        // Not System.out: commands print there, with a buffer and a lock of their own.
        OutputStream stdout = new FileOutputStream(FileDescriptor.out);
        var out = size > 0 ? new BufferedOutputStream(stdout, size) : stdout;
        var appender = new OutputStreamAppender<ILoggingEvent>();
        appender.setContext(root.getLoggerContext());
        appender.setName(INFO);
        appender.setEncoder(encoder);
        appender.setImmediateFlush(size == 0);
        appender.setOutputStream(out);
        appender.addFilter(informational());
        appender.start();
        root.addAppender(appender);
        if (size > 0) {
            Thread.ofVirtual().name("log flush").start(() -> flushEvery(flushFrequency, out));
        }
    }

    private static Filter<ILoggingEvent> informational() {
        var filter = new Filter<ILoggingEvent>() {
            @Override
            public FilterReply decide(ILoggingEvent event) {
                return event.getLevel().isGreaterOrEqual(Level.WARN) ? FilterReply.DENY : FilterReply.NEUTRAL;
            }
        };
        filter.start();
        return filter;
    }

    private static void flushEvery(Duration time, OutputStream out) {
        try {
            while (true) {
                Thread.sleep(time);
                out.flush();
            }
        } catch (InterruptedException | IOException _) {
            Thread.currentThread().interrupt(); // nobody reads any more
        }
    }

    /** Writes out what is held back; to be called before the process ends. */
    static void flush() {
        if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
                && root.getAppender(INFO) instanceof OutputStreamAppender<ILoggingEvent> info) {
            try {
                info.getOutputStream().flush();
            } catch (IOException _) {
                return; // nobody reads any more
            }
        }
    }
}
