package io.fairlead.lab.net;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether counts look as if every server was equally likely: Pearson's chi-square test, with a bound that a fair choice
 * exceeds about once in a million runs, so that a test that fails has a reason.
 *
 * @param statistic sum of (observed − expected)² / expected
 * @param bound what it must not exceed: the Wilson–Hilferty approximation of the quantile, which at this tail errs upward
 *     (27.5 for 23.9 at one degree of freedom, 46.0 for 44.8 at nine)
 * @param strangers servers that answered and should not have
 */
public record Uniformity(double statistic, double bound, Set<String> strangers) {

    private static final double ONE_IN_A_MILLION = 4.7534; // upper quantile of the standard normal distribution
    private static final int MIN_EXPECTED = 5; // below that the statistic does not follow the distribution

    /**
     * @param servers all that should have a share; one that never answered counts as 0
     * @throws IllegalArgumentException when there are fewer than five answers per server
     */
    public static Uniformity of(Set<String> servers, Map<String, Integer> answers) {
        var strangers = new TreeSet<>(answers.keySet());
        strangers.removeAll(servers);
        int total = answers.values().stream().mapToInt(Integer::intValue).sum();
        if (servers.isEmpty() || total < MIN_EXPECTED * servers.size()) {
            throw new IllegalArgumentException(total + " answers say nothing about " + servers.size()
                    + " servers: need at least " + MIN_EXPECTED + " for each");
        }
        double expected = (double) total / servers.size();
        double statistic = servers.stream()
                .mapToDouble(server -> Math.pow(answers.getOrDefault(server, 0) - expected, 2) / expected)
                .sum();
        return new Uniformity(statistic, bound(servers.size() - 1), strangers);
    }

    private static double bound(int degreesOfFreedom) {
        if (degreesOfFreedom == 0) {
            return 0;
        }
        double spread = 2.0 / (9 * degreesOfFreedom);
        return degreesOfFreedom * Math.pow(1 - spread + ONE_IN_A_MILLION * Math.sqrt(spread), 3);
    }

    public boolean holds() {
        return strangers.isEmpty() && statistic <= bound;
    }
}
