package io.fairlead.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A strict reader of Prometheus' text format 0.0.4: every family once, with HELP before TYPE before its samples, nothing
 * else, legal names and escapes, whole histograms with cumulative buckets.
 */
final class ScrapedText {

    /** One family. */
    record Family(String type, String help, Map<String, Double> samples) {}

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*)})? (\\S+)");
    private static final Pattern BUCKET = Pattern.compile("(.*)_bucket\\{(.*?),?le=\"([^\"]*)\",?(.*)}");
    private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary", "untyped");

    private final Map<String, Family> families = new LinkedHashMap<>();

    static ScrapedText parse(String text) {
        assertThat(text).endsWith("\n");
        var parsed = new ScrapedText();
        String help = "";
        String named = "";
        for (var line : text.split("\n")) {
            if (line.startsWith("# HELP ")) {
                var parts = line.split(" ", 4);
                named = parts[2];
                help = parts.length > 3 ? parts[3] : "";
            } else if (line.startsWith("# TYPE ")) {
                var parts = line.split(" ", -1);
                assertThat(parts).as(line).hasSize(4);
                assertThat(parts[2]).as("HELP comes first").isEqualTo(named).matches(NAME);
                assertThat(TYPES).contains(parts[3]);
                assertThat(parsed.families.put(named, new Family(parts[3], help, new LinkedHashMap<>())))
                        .as("%s comes once", named)
                        .isNull();
            } else {
                parsed.sample(named, line);
            }
        }
        parsed.families.forEach(parsed::check);
        return parsed;
    }

    private void sample(String family, String line) {
        var match = SAMPLE.matcher(line);
        assertThat(match.matches()).as(line).isTrue();
        var of = families.get(family);
        assertThat(of).as(line).isNotNull();
        var suffixes =
                switch (of.type()) {
                    case "histogram" -> List.of("_bucket", "_sum", "_count");
                    case "summary" -> List.of("_sum", "_count");
                    default -> List.of("");
                };
        assertThat(suffixes.stream().map(family::concat)).as(line).contains(match.group(1));
        var key = match.group(1) + (match.group(2) == null ? "" : match.group(2));
        assertThat(of.samples().put(key, value(match.group(4)))).as(line).isNull();
    }

    private static double value(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    private void check(String name, Family family) {
        if (family.type().equals("counter")) {
            assertThat(family.samples().values()).as(name).allMatch(value -> value >= 0);
        }
        if (family.type().equals("histogram")) {
            bounds(name).forEach((series, buckets) -> {
                assertThat(buckets.lastKey()).as(series).isInfinite();
                assertThat(new ArrayList<>(buckets.values())).as(series).isSorted();
            });
        }
    }

    /** Bucket counts by upper bound, by series. */
    Map<String, TreeMap<Double, Double>> bounds(String histogram) {
        var bounds = new HashMap<String, TreeMap<Double, Double>>();
        family(histogram).samples().forEach((key, count) -> {
            var match = BUCKET.matcher(key);
            if (match.matches()) {
                bounds.computeIfAbsent(match.group(2) + match.group(4), _ -> new TreeMap<>())
                        .put(value(match.group(3)), count);
            }
        });
        return bounds;
    }

    Set<String> names() {
        return new HashSet<>(families.keySet());
    }

    Family family(String name) {
        var family = families.get(name);
        assertThat(family).as(name).isNotNull();
        return family;
    }

    boolean has(String name) {
        return families.containsKey(name);
    }

    /** A sample by name and labels as written. */
    double value(String family, String key) {
        assertThat(family(family).samples()).containsKey(key);
        return family(family).samples().get(key);
    }
}
