package io.fairlead.cli;

import io.fairlead.proxy.config.GoDuration;
import io.fairlead.proxy.config.LoggingConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * All flags of a command with the values in force, as Go would print them. None of them is a secret, but a URL may have been
 * given with a password in it, which is left out.
 */
final class FlagValues {

    private static final Pattern USER_INFO = Pattern.compile("^(\\w+://)[^/]*@");

    /** What flags stand for whose absence is remembered. */
    private static final Map<String, String> UNSET = Map.of(
            "healthz-port", "10256",
            "metrics-port", "10249",
            "log-flush-frequency", "5s",
            "logging-format", "text",
            "v", "0",
            "log-json-info-buffer-size", "0",
            "log-json-split-stream", "false",
            "log-text-info-buffer-size", "0",
            "log-text-split-stream", "false");

    /** Go prints these lists without brackets. */
    private static final Set<String> BARE_LISTS = Set.of("feature-gates", "vmodule");

    private FlagValues() {}

    /** By name, without dashes. */
    static Map<String, String> of(CommandSpec command) {
        var values = new TreeMap<String, String>();
        for (var option : command.options()) {
            @Nullable Object value = option.getValue();
            var name = option.longestName().replaceFirst("^-+", "");
            values.put(name, value == null ? UNSET.getOrDefault(name, "") : text(name, value));
        }
        return values;
    }

    private static String text(String name, Object value) {
        return switch (value) {
            case Duration duration -> GoDuration.format(duration);
            case Collection<?> list -> list(name, list);
            case FlagValue.FeatureGate(var gate, var enabled) -> gate + "=" + enabled;
            case LoggingConfig.VmoduleItem(var pattern, var verbosity) -> pattern + "=" + verbosity;
            default -> USER_INFO.matcher(value.toString()).replaceFirst("$1");
        };
    }

    private static String list(String name, Collection<?> items) {
        var text = items.stream().map(item -> text(name, item)).collect(Collectors.joining(","));
        return BARE_LISTS.contains(name) ? text : "[" + text + "]";
    }
}
