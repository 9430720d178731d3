package io.fairlead.proxy.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The feature gates of Kubernetes 1.36 that change what a service proxy does; all others are accepted and change nothing. */
public final class FeatureGates {

    private static final String ALL_ALPHA = "AllAlpha";
    private static final String ALL_BETA = "AllBeta";

    private enum Stage {
        ALPHA,
        BETA,
        GA,
        LOCKED
    }

    private static final Map<String, Stage> STAGES = Map.ofEntries(
            Map.entry("AllowServiceExternalIPs", Stage.GA),
            Map.entry("MultiCIDRServiceAllocator", Stage.LOCKED),
            Map.entry("PreferSameTrafficDistribution", Stage.LOCKED),
            Map.entry("NFTablesProxyMode", Stage.LOCKED),
            Map.entry("InOrderInformers", Stage.LOCKED),
            Map.entry("WinDSR", Stage.LOCKED),
            Map.entry("WinOverlay", Stage.LOCKED),
            Map.entry("ComponentFlagz", Stage.BETA),
            Map.entry("ComponentStatusz", Stage.BETA),
            Map.entry("LoggingBetaOptions", Stage.BETA),
            Map.entry("WatchListClient", Stage.BETA),
            Map.entry("NativeHistograms", Stage.ALPHA),
            Map.entry("LoggingAlphaOptions", Stage.ALPHA));

    private FeatureGates() {}

    /** Whether a gate that exists is on: as set, else by the bulk switch of its stage, else by its default. */
    public static boolean enabled(String gate, Map<String, Boolean> set) {
        var explicit = set.get(gate);
        if (explicit != null) {
            return explicit;
        }
        return switch (STAGES.getOrDefault(gate, Stage.ALPHA)) {
            case ALPHA -> set.getOrDefault(ALL_ALPHA, false);
            case BETA -> set.getOrDefault(ALL_BETA, true);
            case GA, LOCKED -> true;
        };
    }

    /**
     * A gate as it stands.
     *
     * @param stage {@code ALPHA}, {@code BETA}, or empty for one that is generally available
     */
    public record Gate(String name, String stage, boolean enabled) {}

    /** All gates that exist, by name, with the bulk switches. */
    public static List<Gate> all(Map<String, Boolean> set) {
        var gates = new TreeMap<String, Gate>();
        STAGES.forEach((name, stage) -> gates.put(name, new Gate(name, text(stage), enabled(name, set))));
        gates.put(ALL_ALPHA, new Gate(ALL_ALPHA, text(Stage.ALPHA), set.getOrDefault(ALL_ALPHA, false)));
        gates.put(ALL_BETA, new Gate(ALL_BETA, text(Stage.BETA), set.getOrDefault(ALL_BETA, false)));
        return List.copyOf(gates.values());
    }

    private static String text(Stage stage) {
        return switch (stage) {
            case ALPHA, BETA -> stage.name();
            case GA, LOCKED -> "";
        };
    }

    /** What is wrong with the gates as set. */
    public static Optional<String> check(Map<String, Boolean> set) {
        return new TreeMap<>(set)
                .entrySet().stream()
                        .filter(gate -> STAGES.get(gate.getKey()) == Stage.LOCKED && !gate.getValue())
                        .map(gate ->
                                "cannot set feature gate " + gate.getKey() + " to false, feature is locked to true")
                        .findFirst();
    }

    /** Gates that have been given a value although they are here to stay, sorted. */
    public static List<String> generallyAvailable(Map<String, Boolean> set) {
        return set.keySet().stream()
                .filter(gate -> STAGES.get(gate) == Stage.GA || STAGES.get(gate) == Stage.LOCKED)
                .sorted()
                .toList();
    }

    /** Gates that change nothing here, sorted: some of Kubernetes' other components know them, or nobody does. */
    public static List<String> withoutEffect(Map<String, Boolean> set) {
        return set.keySet().stream()
                .filter(gate -> !STAGES.containsKey(gate) && !gate.equals(ALL_ALPHA) && !gate.equals(ALL_BETA))
                .sorted()
                .toList();
    }
}
