package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.iptables.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tables of iptables or ip6tables. */
public final class IptablesRules extends Rules {

    /** Where the rules are. */
    public interface Source {

        IpFamily family();

        /** Empty when the table has no such chain. */
        Optional<List<Rule>> rules(Table table, String chain);

        /** Of a built-in chain. */
        Target.Verdict policy(Table table, String chain);
    }

    private record Builtin(Table table, int priority, List<Hook> hooks) {}

    /** include/uapi/linux/netfilter_ipv4.h: NF_IP_PRI_*; the nat table asks at the source's end from INPUT and POSTROUTING on. */
    private static final List<Builtin> BUILTIN = List.of(
            new Builtin(Table.RAW, -300, List.of(Hook.PREROUTING, Hook.OUTPUT)),
            new Builtin(Table.MANGLE, -150, List.of(Hook.values())),
            new Builtin(Table.NAT, -100, List.of(Hook.PREROUTING, Hook.OUTPUT)),
            new Builtin(Table.FILTER, 0, List.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT)),
            new Builtin(Table.SECURITY, 50, List.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT)),
            new Builtin(Table.NAT, 100, List.of(Hook.INPUT, Hook.POSTROUTING)));

    private final Source source;
    private final List<BaseChain> chains;

    private IptablesRules(Source source) {
        this.source = source;
        var found = new ArrayList<BaseChain>();
        for (var builtin : BUILTIN) {
            for (var hook : builtin.hooks()) {
                if (source.rules(builtin.table(), hook.name()).isPresent()) {
                    found.add(base(builtin, hook));
                }
            }
        }
        this.chains = List.copyOf(found);
    }

    public static IptablesRules of(Source source) {
        return new IptablesRules(source);
    }

    public static IptablesRules of(Ruleset ruleset) {
        return new IptablesRules(new Source() {
            @Override
            public IpFamily family() {
                return ruleset.family();
            }

            @Override
            public Optional<List<Rule>> rules(Table table, String chain) {
                return ruleset.hasChain(table, chain) ? Optional.of(ruleset.rules(table, chain)) : Optional.empty();
            }

            @Override
            public Target.Verdict policy(Table table, String chain) {
                return ruleset.policy(table, chain).orElse(Target.Verdict.ACCEPT);
            }
        });
    }

    private BaseChain base(Builtin builtin, Hook hook) {
        var table = builtin.table();
        return new BaseChain(
                hook,
                builtin.priority(),
                table == Table.NAT,
                table.toString(),
                hook.name(),
                () -> new IptablesPosition(source, table, hook.name()));
    }

    @Override
    List<BaseChain> baseChains() {
        return chains;
    }
}
