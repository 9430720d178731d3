package io.fairlead.cli;

import io.fairlead.proxy.config.FlushFrequency;
import io.fairlead.proxy.config.LoggingConfig;
import io.fairlead.proxy.config.LoggingConfig.FormatOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is logged, and how. Each flag that is given beats --config. */
final class LoggingFlags {

    @Option(
            names = {"-v", "--v"},
            converter = FlagValue.Uint32.class,
            paramLabel = "N",
            description = "Verbosity: 0 is quiet, 2 says what a sync does, 4 and more is for debugging.")
    @Nullable Long verbosity;

    @Option(names = "--logging-format", paramLabel = "FORMAT", description = "text or json (default: text).")
    @Nullable String format;

    @Option(
            names = "--vmodule",
            converter = FlagValue.Vmodule.class,
            paramLabel = "PATTERN=N",
            split = ",",
            description = "Verbosity of single source files; added to those of --config.")
    List<LoggingConfig.VmoduleItem> vmodule = new ArrayList<>();

    @Option(
            names = "--log-flush-frequency",
            converter = FlagValue.GoTime.class,
            paramLabel = "DURATION",
            description = "Longest time a line is held back (default: 5s).")
    @Nullable Duration flushFrequency;

    @Option(
            names = "--log-text-split-stream",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            hidden = true)
    @Nullable Boolean textSplitStream;

    @Option(names = "--log-text-info-buffer-size", converter = FlagValue.Quantity.class, hidden = true)
    @Nullable String textInfoBufferSize;

    @Option(
            names = "--log-json-split-stream",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            hidden = true)
    @Nullable Boolean jsonSplitStream;

    @Option(names = "--log-json-info-buffer-size", converter = FlagValue.Quantity.class, hidden = true)
    @Nullable String jsonInfoBufferSize;

    /** The flags that were given on top of what there was. */
    LoggingConfig over(LoggingConfig base) {
        return new LoggingConfig(
                        format == null ? base.format() : format,
                        flushFrequency == null ? base.flushFrequency() : new FlushFrequency(flushFrequency, false),
                        verbosity == null ? base.verbosity() : verbosity,
                        base.vmodule(),
                        over(base.text(), textSplitStream, textInfoBufferSize),
                        over(base.json(), jsonSplitStream, jsonInfoBufferSize))
                .withVmoduleFirst(vmodule);
    }

    private static FormatOptions over(
            FormatOptions base, @Nullable Boolean splitStream, @Nullable String infoBufferSize) {
        return new FormatOptions(
                splitStream == null ? base.splitStream() : splitStream,
                infoBufferSize == null ? base.infoBufferSize() : infoBufferSize);
    }
}
