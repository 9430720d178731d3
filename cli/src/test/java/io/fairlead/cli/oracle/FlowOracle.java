package io.fairlead.cli.oracle;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.trace.Tracer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what the tracer says with what packets do. Pearson's chi-square test with a bound that a true answer exceeds
 * about once in 10⁹ flows; nothing that was not foretold may be seen, and everything that was must be seen, where enough
 * packets are sent that this is certain.
 */
final class FlowOracle {

    /** Packets for an outcome that has the same share as the others: one is missed with e⁻²⁵. */
    private static final int PER_OUTCOME = 25;

    private static final int FEWEST = 4;
    private static final int MOST = 10_000;

    /** Below this many expected packets the statistic does not follow the distribution. */
    private static final double LEAST_EXPECTED = 5;

    /** Upper quantile of the standard normal distribution, 10⁻⁹. */
    private static final double ONE_IN_A_BILLION = 5.9978;

    private final OracleLab lab;
    private final int perOutcome;
    private final int most;
    private long packets;

    FlowOracle(OracleLab lab) {
        this(lab, PER_OUTCOME, MOST);
    }

    /**
     * More packets tell smaller differences of shares.
     *
     * @param perOutcome packets for each outcome
     * @param most packets for a flow, whatever its outcomes
     */
    FlowOracle(OracleLab lab, int perOutcome, int most) {
        this.lab = lab;
        this.perOutcome = perOutcome;
        this.most = most;
    }

    long packets() {
        return packets;
    }

    /** @return what does not agree, one line each */
    List<String> compare(IpFamily family, Tracer tracer, List<OracleFlow> flows) throws IOException {
        var expected = new ArrayList<Map<Observed, Double>>();
        var counts = new ArrayList<Integer>();
        for (var flow : flows) {
            var shares = expected(tracer, flow);
            expected.add(shares);
            counts.add(count(shares));
        }
        var seen = lab.send(family, flows, counts);
        var problems = new ArrayList<String>();
        for (int i = 0; i < flows.size(); i++) {
            packets += counts.get(i);
            var problem = problem(expected.get(i), seen.get(i), counts.get(i));
            if (!problem.isEmpty()) {
                problems.add(flows.get(i) + ": " + problem);
            }
        }
        return problems;
    }

    static Map<Observed, Double> expected(Tracer tracer, OracleFlow flow) {
        var shares = new HashMap<Observed, Double>();
        var packet = flow.packet();
        tracer.trace(packet)
                .outcomes()
                .forEach((outcome, share) -> shares.merge(Observed.of(outcome, packet), share.toDouble(), Double::sum));
        return shares;
    }

    private int count(Map<Observed, Double> shares) {
        double least =
                shares.values().stream().mapToDouble(share -> share).min().orElse(1);
        return shares.size() == 1 ? FEWEST : (int) Math.min(most, Math.ceil(perOutcome / least));
    }

    private static String problem(Map<Observed, Double> expected, Map<Observed, Integer> seen, int count) {
        for (var outcome : seen.keySet()) {
            if (!expected.containsKey(outcome)) {
                return "the kernel does " + outcome + ", the tracer says " + expected;
            }
        }
        double statistic = 0;
        int cells = 0;
        for (var outcome : expected.entrySet()) {
            double should = outcome.getValue() * count;
            int did = seen.getOrDefault(outcome.getKey(), 0);
            if (should >= PER_OUTCOME && did == 0) {
                return "the kernel never does " + outcome.getKey() + " of " + expected;
            }
            if (should >= LEAST_EXPECTED) {
                statistic += Math.pow(did - should, 2) / should;
                cells++;
            }
        }
        return cells > 1 && statistic > bound(cells - 1)
                ? "shares differ: the kernel " + seen + ", the tracer " + expected
                : "";
    }

    /** The Wilson–Hilferty approximation of the quantile. */
    private static double bound(int degreesOfFreedom) {
        double spread = 2.0 / (9 * degreesOfFreedom);
        return degreesOfFreedom * Math.pow(1 - spread + ONE_IN_A_BILLION * Math.sqrt(spread), 3);
    }
}
