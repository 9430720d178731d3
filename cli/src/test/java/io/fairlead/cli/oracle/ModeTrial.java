package io.fairlead.cli.oracle;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.netfilter.trace.Rules;
import io.fairlead.netfilter.trace.Tracer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A cluster's rules in one mode, on paper and in the kernel. */
final class ModeTrial {

    /** Each takes a round of its own. */
    private static final int MOST_WITH_MEMORY = 25;

    private interface Loading {
        void run() throws Exception;
    }

    private final OracleLab lab;
    private final OracleCluster cluster;
    private final IpFamily family;
    private final Tracer tracer;
    private final Loading loading;
    private final Loading forgetting;

    private ModeTrial(
            OracleLab lab, OracleCluster cluster, IpFamily family, Rules rules, Loading loading, Loading forgetting) {
        this.lab = lab;
        this.cluster = cluster;
        this.family = family;
        this.loading = loading;
        this.forgetting = forgetting;
        tracer = new Tracer(OracleLab.host(), List.of(rules));
    }

    static ModeTrial iptables(OracleLab lab, OracleCluster cluster, IpFamily family) {
        var rules = cluster.iptables(family);
        Loading load = () -> lab.loadIptables(family, rules);
        return new ModeTrial(lab, cluster, family, IptablesRules.of(rules), load, load);
    }

    static ModeTrial nftables(OracleLab lab, OracleCluster cluster, IpFamily family) {
        var table = cluster.nftables(family);
        return new ModeTrial(
                lab,
                cluster,
                family,
                NftablesRules.of(table, family),
                () -> lab.loadNftables(family, cluster),
                () -> lab.forgetClients(table));
    }

    /** @return what packets and paper do not agree on, one line each */
    List<String> problems(int flows, Random random) throws Exception {
        var chosen = new ArrayList<>(ListingFlows.withStrangers(
                cluster.iptables(family), cluster.nodeIps().of(family), flows, random));
        Collections.shuffle(chosen, random);
        var oracle = new FlowOracle(lab);
        loading.run();
        if (!cluster.remembersClients()) {
            return oracle.compare(family, tracer, chosen);
        }
        var problems = new ArrayList<String>();
        for (var flow : chosen.subList(0, Math.min(MOST_WITH_MEMORY, chosen.size()))) {
            forgetting.run();
            problems.addAll(oracle.compare(family, tracer, List.of(flow)));
        }
        return problems;
    }
}
