package io.fairlead.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.fairlead.proxy.config.LoggingConfig.VmoduleItem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * {@code --vmodule}: more lines from single source files. A pattern with {@code *} and {@code ?} is compared with the name
 * of the file without {@code .java}, in upper or lower case; one with a slash, with the whole path below the source folder.
 * The first that fits counts, and it only ever adds to what {@code -v} lets through, as in klog.
 */
final class Vmodule extends TurboFilter {

    private record Item(Pattern pattern, boolean wholePath, Level level) {}

    private final List<Item> items;
    private final Map<String, Optional<Level>> levels = new ConcurrentHashMap<>();

    Vmodule(List<VmoduleItem> items) {
        this.items = items.stream()
                .map(item -> new Item(
                        glob(item.filePattern()), item.filePattern().contains("/"), LogSetup.level(item.verbosity())))
                .toList();
    }

    /** Go's path.Match, without its character classes. */
    private static Pattern glob(String text) {
        var regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> regex.append("[^/]*");
                case '?' -> regex.append("[^/]");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE);
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        var own = levels.computeIfAbsent(logger.getName(), this::level);
        return own.isPresent() && level.isGreaterOrEqual(own.get()) ? FilterReply.ACCEPT : FilterReply.NEUTRAL;
    }

    private Optional<Level> level(String logger) {
        var path = logger.replace('.', '/');
        var name = path.substring(path.lastIndexOf('/') + 1);
        return items.stream()
                .filter(item ->
                        item.pattern().matcher(item.wholePath() ? path : name).matches())
                .map(Item::level)
                .findFirst();
    }
}
