package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.TableImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table of nftables. Chains at ingress and in tables of families other than ip, ip6 and inet see no routed packet. */
public final class NftablesRules extends Rules {

    private final List<BaseChain> chains;

    private NftablesRules(List<BaseChain> chains) {
        this.chains = chains;
    }

    /** @param family of the packets; a table of the other one has no say */
    public static NftablesRules of(TableImage table, IpFamily family) {
        var id = table.table().id();
        boolean sees = id.family() == Family.of(family) || id.family() == Family.INET;
        if (!sees || table.table().dormant()) {
            return new NftablesRules(List.of());
        }
        var chains = new ArrayList<BaseChain>();
        var sets = new NftSets(table);
        for (var chain : table.chains().values()) {
            chain.hook()
                    .ifPresent(hook -> hook(hook.point())
                            .ifPresent(point -> chains.add(new BaseChain(
                                    point,
                                    hook.priority(),
                                    hook.type() == io.fairlead.netfilter.nftables.Hook.Type.NAT,
                                    id.toString(),
                                    chain.name(),
                                    () -> new NftablesPosition(table, sets, chain)))));
        }
        return new NftablesRules(List.copyOf(chains));
    }

    private static Optional<Hook> hook(io.fairlead.netfilter.nftables.Hook.Point point) {
        return switch (point) {
            case PREROUTING -> Optional.of(Hook.PREROUTING);
            case INPUT -> Optional.of(Hook.INPUT);
            case FORWARD -> Optional.of(Hook.FORWARD);
            case OUTPUT -> Optional.of(Hook.OUTPUT);
            case POSTROUTING -> Optional.of(Hook.POSTROUTING);
            case INGRESS -> Optional.empty();
        };
    }

    @Override
    List<BaseChain> baseChains() {
        return chains;
    }
}
