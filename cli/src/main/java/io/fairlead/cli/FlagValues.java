package io.fairlead.cli;

import io.fairlead.proxy.config.GoDuration;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** All flags of a command with the values in force, as Go would print them. None of them is a secret. */
final class FlagValues {

    private FlagValues() {}

    /** By name, without dashes. */
    static Map<String, String> of(CommandSpec command) {
        var values = new TreeMap<String, String>();
        for (var option : command.options()) {
            Object value = option.getValue();
            values.put(option.longestName().replaceFirst("^-+", ""), text(value));
        }
        return values;
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "";
            case Duration duration -> GoDuration.format(duration);
            case Collection<?> list -> list.stream().map(FlagValues::text).collect(Collectors.joining(",", "[", "]"));
            default -> value.toString();
        };
    }
}
