package io.fairlead.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.fairlead.proxy.config.LoggingConfig;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;

/** Sets logging up without a configuration file: finding and parsing XML is time every short command would pay. */
public final class LogSetup extends ContextAwareBase implements Configurator {

    /** From here on events of level debug are written. */
    static final int DEBUG_VERBOSITY = 2;

    /** From here on those of level trace, too. */
    static final int TRACE_VERBOSITY = 4;

    private static final String OWN = "io.fairlead";
    private static final String CONSOLE = "console";

    /** Called by Logback when the first logger is asked for. */
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setName(CONSOLE);
        appender.setContext(context);
        appender.setTarget(ConsoleTarget.SystemErr.getName());
        appender.setEncoder(
                encoder(context, new KlogLayout(ProcessHandle.current().pid())));
        appender.start();
        var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        context.getLogger(OWN).setLevel(Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggerContext context, Layout<ILoggingEvent> layout) {
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    /** From here on lines are written as the configuration says; what was written before was text, as with kube-proxy. */
    static void apply(LoggingConfig config) {
        verbosity(config.verbosity());
        if (!(LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root
                && root.getAppender(CONSOLE) instanceof ConsoleAppender<ILoggingEvent> console)) {
            return;
        }
        boolean json = config.format().equals("json");
        if (json) {
            console.stop();
            console.setEncoder(encoder(root.getLoggerContext(), new KlogJsonLayout()));
            console.start();
        }
        var options = json ? config.json() : config.text();
        if (options.splitStream()) {
            var layout = json
                    ? new KlogJsonLayout()
                    : new KlogLayout(ProcessHandle.current().pid());
            LogStreams.split(
                    root,
                    console,
                    encoder(root.getLoggerContext(), layout),
                    options,
                    config.flushFrequency().value());
        }
        if (!config.vmodule().isEmpty()) {
            root.getLoggerContext().addTurboFilter(new Vmodule(config.vmodule()));
        }
    }

    /** kube-proxy's {@code -v}: from 2 on what a sync does, from 4 on everything, from 6 on the libraries' debugging, too. */
    static void verbosity(long verbosity) {
        level(OWN, level(verbosity));
        level(org.slf4j.Logger.ROOT_LOGGER_NAME, verbosity >= 6 ? Level.DEBUG : Level.WARN);
    }

    static Level level(long verbosity) {
        return verbosity >= TRACE_VERBOSITY ? Level.TRACE : verbosity >= DEBUG_VERBOSITY ? Level.DEBUG : Level.INFO;
    }

    private static void level(String name, Level level) {
        if (LoggerFactory.getLogger(name) instanceof Logger logger) {
            logger.setLevel(level);
        }
    }
}
