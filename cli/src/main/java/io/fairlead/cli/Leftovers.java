package io.fairlead.cli;

import io.fairlead.netfilter.iptables.Capabilities;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.inspect.Leftover;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks for rules of a service proxy where the mode in use does not put any. */
final class Leftovers {

    private Leftovers() {}

    /** @param backend of iptables mode, which one is in use */
    static List<Leftover> look(ProxyMode mode, Optional<Capabilities.Backend> backend, CommandRunner runner) {
        var found = new ArrayList<Leftover>();
        for (var name : unused(mode, backend)) {
            OtherBackend.find(name, runner, Path.of("/proc"))
                    .forEach((program, chains) -> found.add(new Leftover(
                            chains + " chains of a service proxy's iptables mode, seen by " + program,
                            mode == ProxyMode.IPTABLES
                                    ? "run \"fairlead proxy --cleanup\" where \"iptables\" is that back end, or reboot"
                                    : "a sync in nftables mode removes them; or reboot")));
        }
        if (mode == ProxyMode.IPTABLES) {
            for (var family : NftTables.present()) {
                found.add(new Leftover(
                        "table " + family + " kube-proxy of a service proxy's nftables mode",
                        "the first sync in iptables mode removes it; or: nft delete table " + family + " kube-proxy"));
            }
        }
        return found;
    }

    private static List<String> unused(ProxyMode mode, Optional<Capabilities.Backend> backend) {
        if (mode != ProxyMode.IPTABLES) {
            return List.of("nft", "legacy");
        }
        return backend.map(used -> List.of(used == Capabilities.Backend.NF_TABLES ? "legacy" : "nft"))
                .orElse(List.of());
    }
}
