package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.netfilter.iptables.Match;
import io.fairlead.netfilter.iptables.Rule;
import io.fairlead.netfilter.iptables.RuleParser;
import io.fairlead.netfilter.iptables.RuleSyntaxException;
import io.fairlead.netfilter.iptables.Target;
import io.fairlead.proxy.conntrack.Frontend;
import io.fairlead.proxy.nftables.NftablesKernel;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What whoever wrote the rules before us, kube-proxy or an earlier Fairlead, translated UDP for. Of a Service that was
 * deleted while nobody was there to see it, its rules are the only trace, and the first sync removes them: so they are read
 * before. Nothing else can tell its flows from other people's translations.
 */
final class Predecessor {

    private static final Logger log = LoggerFactory.getLogger(Predecessor.class);
    private static final String ADDRESSES = "KUBE-SERVICES";
    private static final String NODE_PORTS = "KUBE-NODEPORTS";

    private final FutureTask<Set<Frontend>> reading;

    private Predecessor(FutureTask<Set<Frontend>> reading) {
        this.reading = reading;
    }

    /**
     * Begins to read the rules of both modes, which takes as long as iptables-save.
     *
     * @param iptables asked beside this call; empty where its programs are not installed
     */
    static Predecessor of(IpFamily family, Supplier<Optional<Iptables>> iptables) {
        var reading = new FutureTask<>(() -> {
            var frontends = read(family);
            iptables.get().ifPresent(programs -> frontends.addAll(read(programs)));
            return frontends;
        });
        Thread.ofVirtual().name("predecessor-" + family).start(reading);
        return new Predecessor(reading);
    }

    private static Set<Frontend> read(IpFamily family) {
        var frontends = new HashSet<Frontend>();
        try {
            for (var found : NftablesKernel.translatedUdp(family)) {
                frontends.add(found.address()
                        .<Frontend>map(address -> new Frontend.Address(address, found.port()))
                        .orElseGet(() -> new Frontend.NodePort(found.port())));
            }
        } catch (IOException e) {
            sayUnread(family, e);
        }
        return frontends;
    }

    private static void sayUnread(IpFamily family, Exception e) {
        log.atDebug()
                .addKeyValue("ipFamily", family)
                .addKeyValue("err", e)
                .log("Could not read the rules from before; UDP flows to Services deleted meanwhile are left alone");
    }

    /** Waits for what was read; nothing when it could not be. */
    Set<Frontend> frontends() {
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Set.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException("reading the rules met a bug", e.getCause());
        }
    }

    private static Set<Frontend> read(Iptables iptables) {
        var frontends = new HashSet<Frontend>();
        try {
            iptables.saveLines(line -> frontend(line).ifPresent(frontends::add));
        } catch (IptablesException e) {
            sayUnread(iptables.family(), e);
        }
        return frontends;
    }

    /** The frontend of one line of iptables-save, if it sends UDP to the chain of a Service. */
    static Optional<Frontend> frontend(String line) {
        if (!line.contains(" -p udp ")
                || !line.startsWith("-A " + ADDRESSES + " ") && !line.startsWith("-A " + NODE_PORTS + " ")) {
            return Optional.empty();
        }
        try {
            var parsed = RuleParser.parse(line);
            var rule = parsed.rule();
            var port = port(rule);
            if (port.isEmpty() || !leadsToAService(rule)) {
                return Optional.empty();
            }
            return parsed.chain().equals(NODE_PORTS)
                    ? Optional.of(new Frontend.NodePort(port.getAsInt()))
                    : address(rule, port.getAsInt());
        } catch (RuleSyntaxException e) {
            // Somebody else's rule in our chain.
            return Optional.empty();
        }
    }

    private static boolean leadsToAService(Rule rule) {
        return rule.target()
                .filter(target -> target instanceof Target.Jump(String chain)
                        && (chain.startsWith("KUBE-SVC-")
                                || chain.startsWith("KUBE-SVL-")
                                || chain.startsWith("KUBE-EXT-")
                                || chain.startsWith("KUBE-FW-")))
                .isPresent();
    }

    private static OptionalInt port(Rule rule) {
        for (var match : rule.matches()) {
            if (match instanceof Match.Ports ports && ports.destination().isPresent()) {
                var range = ports.destination().get();
                return range.negated() || range.first() != range.last()
                        ? OptionalInt.empty()
                        : OptionalInt.of(range.first());
            }
        }
        return OptionalInt.empty();
    }

    private static Optional<Frontend> address(Rule rule, int port) {
        for (var match : rule.matches()) {
            if (match instanceof Match.Address address
                    && address.end() == Match.End.DESTINATION
                    && address.prefix().isHost()
                    && !address.negated()) {
                return Optional.of(new Frontend.Address(address.prefix().address(), port));
            }
        }
        return Optional.empty();
    }
}
