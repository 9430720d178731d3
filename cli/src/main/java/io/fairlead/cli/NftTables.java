package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.proxy.nftables.NftablesKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of nftables mode, ours or kube-proxy's: {@code ip kube-proxy} and {@code ip6 kube-proxy}. Left over from before a
 * change of modes they would go on redirecting traffic.
 */
final class NftTables {

    private static final Logger log = LoggerFactory.getLogger(NftTables.class);

    private NftTables() {}

    /** @return false when a table is there and could not be removed; it has been logged */
    static boolean remove() {
        boolean complete = true;
        for (var family : IpFamily.values()) {
            complete &= remove(family);
        }
        return complete;
    }

    /** The families whose table exists, by nft's names: none where the kernel has no nftables, or does not tell. */
    static List<String> present() {
        var present = new ArrayList<String>();
        for (var family : IpFamily.values()) {
            try {
                if (NftablesKernel.hasTable(family)) {
                    present.add(family == IpFamily.IPV4 ? "ip" : "ip6");
                }
            } catch (IOException e) {
                log.atDebug()
                        .addKeyValue("ipFamily", family)
                        .addKeyValue("err", e)
                        .log("No nftables here");
            }
        }
        return present;
    }

    private static boolean remove(IpFamily family) {
        try {
            if (NftablesKernel.removeTable(family)) {
                log.atInfo().addKeyValue("ipFamily", family).log("Removed the rules of nftables mode");
            }
            return true;
        } catch (NetlinkException e) {
            log.atDebug().addKeyValue("ipFamily", family).addKeyValue("err", e).log("No nftables here");
            return true;
        } catch (IOException e) {
            log.atError().addKeyValue("ipFamily", family).addKeyValue("err", e).log("Error cleaning up nftables rules");
            return false;
        }
    }
}
