package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.netfilter.iptables.RestoreScript;
import io.fairlead.netfilter.iptables.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one family's rules of kube-proxy or Fairlead out of the kernel (spec section 5).
 *
 * <p>Left in place on purpose: what kubelet looks after (KUBE-FIREWALL with its jumps, KUBE-KUBELET-CANARY,
 * KUBE-IPTABLES-HINT), kernel settings, nfacct counters, and everybody else's rules. A failure is logged and the rest goes
 * on, so that as much as possible is gone afterwards.
 */
public final class IptablesCleanup {

    private static final Logger log = LoggerFactory.getLogger(IptablesCleanup.class);

    /** The jumps that are ours; those to KUBE-FIREWALL after them are kubelet's, too. */
    private static final int OWN_JUMPS = 12;

    /** As in a sync: the nf_tables back end needs time quadratic in the number of chains of one transaction. */
    private static final int CHAINS_PER_RESTORE = 1500;

    /** A chain before those it jumps to, so that deletions in this order may be split anywhere. */
    private static final List<String> NAT_CHAINS =
            List.of(Chains.SERVICES, Chains.NODE_PORTS, Chains.POSTROUTING, Chains.CANARY);

    private static final List<String> FILTER_CHAINS = List.of(
            Chains.SERVICES,
            Chains.EXTERNAL_SERVICES,
            Chains.FORWARD,
            Chains.NODE_PORTS,
            Chains.PROXY_FIREWALL,
            Chains.CANARY);

    private final Iptables iptables;
    private boolean complete = true;

    private IptablesCleanup(Iptables iptables) {
        this.iptables = iptables;
    }

    /** @return whether everything that was found could be removed; what could not has been logged */
    public static boolean run(Iptables iptables) {
        var cleanup = new IptablesCleanup(iptables);
        cleanup.deleteJumps();
        cleanup.deleteChains(Table.NAT);
        cleanup.deleteChains(Table.FILTER);
        cleanup.deleteMangleCanary();
        return cleanup.complete;
    }

    /** First, because a chain that something jumps to cannot be deleted. */
    private void deleteJumps() {
        for (var jump : FixedRules.JUMPS.subList(0, OWN_JUMPS)) {
            try {
                boolean found = true;
                while (found) {
                    found = iptables.deleteRule(jump.table(), jump.from(), jump.rule());
                }
            } catch (IptablesException e) {
                if (e.kind() != IptablesException.Kind.NOT_FOUND) {
                    failed("Error removing a jump to a kube-proxy chain", jump.table(), e);
                }
            }
        }
    }

    private void deleteChains(Table table) {
        try {
            var present = new TreeSet<String>();
            iptables.saveLines(Optional.of(table), line -> {
                if (line.startsWith(":")) {
                    present.add(line.substring(1).split(" ", 2)[0]);
                }
            });
            var chains = ours(table, present);
            for (int from = 0; from == 0 || from < chains.size(); from += CHAINS_PER_RESTORE) {
                var batch = chains.subList(from, Math.min(chains.size(), from + CHAINS_PER_RESTORE));
                iptables.restoreTable(table, deletion(table, batch));
            }
        } catch (IptablesException e) {
            failed("Error removing kube-proxy chains", table, e);
        }
    }

    private static List<String> ours(Table table, Set<String> present) {
        var chains = new ArrayList<>(table == Table.NAT ? NAT_CHAINS : FILTER_CHAINS);
        chains.retainAll(present);
        if (table == Table.NAT) {
            present.stream()
                    .filter(Chains::belongsToAService)
                    .sorted(Chains.JUMPING_BEFORE_JUMPED_TO)
                    .forEach(chains::add);
            if (present.contains(Chains.MARK_MASQ)) {
                chains.add(Chains.MARK_MASQ);
            }
        }
        return chains;
    }

    private static RestoreScript deletion(Table table, List<String> chains) {
        return sink -> {
            sink.table(table);
            chains.forEach(sink::chain);
            chains.forEach(sink::deleteChain);
            sink.commit();
        };
    }

    private void deleteMangleCanary() {
        try {
            iptables.deleteChain(Table.MANGLE, Chains.CANARY);
        } catch (IptablesException e) {
            log.atDebug().addKeyValue("err", e).log("The canary chain of table mangle stays, or was not there");
        }
    }

    private void failed(String what, Table table, IptablesException failure) {
        complete = false;
        log.atError()
                .addKeyValue("err", failure)
                .addKeyValue("ipFamily", iptables.family())
                .addKeyValue("table", table)
                .log(what);
    }
}
