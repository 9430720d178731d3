package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.proxy.iptables.IptablesCleanup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --cleanup}: takes the rules of all modes out of the kernel (spec: process, section 1.6), without asking the API
 * server. Kernel settings, conntrack entries and what ipvs mode left are not touched.
 */
final class Cleanup {

    private static final Logger log = LoggerFactory.getLogger(Cleanup.class);

    private Cleanup() {}

    /** @throws StartException when anything could not be removed; it has been logged */
    static void run(CommandRunner runner) throws StartException {
        boolean complete = true;
        for (var family : IpFamily.values()) {
            complete &= iptables(Iptables.probe(family, runner));
        }
        complete &= NftTables.remove();
        if (!complete) {
            throw new StartException("encountered an error while tearing down rules");
        }
    }

    /** A family that this machine does not have has nothing to clean; one that we may not touch is a failure. */
    private static boolean iptables(Iptables iptables) {
        try {
            iptables.requireNat();
        } catch (IptablesException e) {
            if (e.output().contains("you must be root")) {
                log.atError()
                        .addKeyValue("err", e)
                        .addKeyValue("ipFamily", iptables.family())
                        .log("Error removing kube-proxy chains; run as root (CAP_NET_ADMIN)");
                return false;
            }
            log.atInfo()
                    .addKeyValue("ipFamily", iptables.family())
                    .addKeyValue("error", e)
                    .log("No iptables support for family");
            return true;
        }
        return IptablesCleanup.run(iptables);
    }
}
