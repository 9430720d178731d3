package io.fairlead.netfilter.trace;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Sends packets through the rules of one family on one machine.
 *
 * <p>Hooks and base chains are asked in the kernel's order; nat chains only by the first packet of a connection, and until one
 * of them has decided. What a rule asks that is not known (an interface, a set, a rate limit) is answered as if nothing
 * special were the case: an interface that no rule names, not in the set, within the limit, no earlier packet. Each such
 * answer is an assumption of the {@link Trace}, and the way that it rules out an alternative with share 0.
 *
 * <p>Immutable; may be used by many threads.
 */
public final class Tracer {

    private final Host host;
    private final Map<Hook, List<BaseChain>> chains;

    /** @param rules all that are in force together, such as those of iptables and a table of nftables */
    public Tracer(Host host, List<? extends Rules> rules) {
        this.host = host;
        this.chains = new EnumMap<>(Hook.class);
        for (var hook : Hook.values()) {
            chains.put(
                    hook,
                    rules.stream()
                            .flatMap(each -> each.baseChains().stream())
                            .filter(chain -> chain.hook() == hook)
                            .sorted(Comparator.comparingInt(BaseChain::position).thenComparingInt(BaseChain::priority))
                            .toList());
        }
    }

    public Trace trace(Packet packet) {
        return new Traversal(host, chains).run(packet);
    }
}
