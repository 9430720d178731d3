package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Capabilities;
import io.fairlead.netfilter.iptables.CommandRunner;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.iptables.LocalFacts;
import io.fairlead.proxy.node.Sysctls;
import io.fairlead.proxy.sync.SyncLoop;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What differs between the modes: which families this machine can do, and how they are set up. */
sealed interface Families permits IptablesFamilies, NftablesFamilies {

    /** What this machine can do. */
    List<IpFamily> supported();

    /** Begins to read, for each family, what was translated before. */
    Map<IpFamily, Predecessor> predecessors();

    /**
     * Sets the families up for this Node.
     *
     * @throws StartException when the Node's primary family is not supported, or a needed kernel setting cannot be made
     */
    List<SyncLoop.Family> start(ProxyConfig config, String nodeName, Optional<Node> node) throws StartException;

    /** The same families without touching the machine: for reading and comparing. */
    List<SyncLoop.Family> forReading(ProxyConfig config, String nodeName, Optional<Node> node) throws StartException;

    /** Whose kernel tables the iptables programs use, where the mode uses them. */
    Optional<Capabilities.Backend> iptablesBackend();

    /** Whether there are rules of the other mode, ours or kube-proxy's. */
    boolean findsOtherMode();

    /**
     * Takes the other mode's rules out of the kernel, ours or kube-proxy's: left there they would go on redirecting traffic
     * as it was then. Only once our own are in force. What could not be removed is logged.
     */
    void removeOtherMode();

    /**
     * The families of the mode.
     *
     * @throws StartException when none works
     */
    static Families probe(ProxyMode mode, CommandRunner runner, LocalFacts facts) throws StartException {
        var sysctls = Sysctls.ofThisMachine();
        return switch (mode) {
            case IPTABLES -> IptablesFamilies.probe(runner, sysctls, facts);
            case NFTABLES -> NftablesFamilies.probe(sysctls, facts, runner, System.getenv());
        };
    }

    /** @throws StartException when the Node's primary family is not among the supported ones */
    static void requirePrimary(IpFamily primary, List<IpFamily> supported, String what) throws StartException {
        if (!supported.contains(primary)) {
            throw new StartException("no support for primary IP family \"" + primary
                    + "\"; this Node's first address is of that family, but its " + what + " does not work here");
        }
    }
}
