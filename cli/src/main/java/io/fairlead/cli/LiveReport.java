package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.trace.IptablesRule;
import io.fairlead.netfilter.trace.LiveTrace;
import io.fairlead.netfilter.trace.NftablesRule;
import io.fairlead.netfilter.trace.Packet;
import io.fairlead.netfilter.trace.RuleRef;
import io.fairlead.netfilter.trace.TraceEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Follows real packets of one flow through the kernel for a while, and names the rules that they meet. */
final class LiveReport {

    private static final int PER_SECOND = 5;

    private final Ruleset iptables;
    private final Nftables nftables;
    private final PrintWriter out;
    private final Map<TableId, Map<Long, RuleRef>> rules = new HashMap<>();
    private final Set<Integer> packets = new LinkedHashSet<>();
    private OptionalInt current = OptionalInt.empty();

    private LiveReport(Ruleset iptables, Nftables nftables, PrintWriter out) {
        this.iptables = iptables;
        this.nftables = nftables;
        this.out = out;
    }

    /**
     * Prints until the time is over or so many packets have been seen.
     *
     * @return whether there was any
     */
    static boolean run(Packet flow, Ruleset iptables, Duration time, int packets, PrintWriter out) throws IOException {
        var live = LiveTrace.open(flow, PER_SECOND);
        var atExit = new Thread(() -> closeQuietly(live));
        Runtime.getRuntime().addShutdownHook(atExit);
        try (var nftables = Nftables.open()) {
            out.println("Waiting " + time.toSeconds() + " s for packets " + flow + " (at most " + PER_SECOND
                    + " per second are followed)");
            out.flush();
            var report = new LiveReport(iptables, nftables, out);
            report.follow(live, Instant.now().plus(time), packets);
            return !report.packets.isEmpty();
        } finally {
            Runtime.getRuntime().removeShutdownHook(atExit);
            live.close();
        }
    }

    private static void closeQuietly(LiveTrace live) {
        try {
            live.close();
        } catch (IOException e) {
            // The next trace removes the table.
        }
    }

    private void follow(LiveTrace live, Instant end, int most) throws IOException {
        while (packets.size() <= most) {
            var left = Duration.between(Instant.now(), end);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            for (var event : live.next(left)) {
                if (packets.add(event.packet()) && packets.size() > most) {
                    packets.remove(event.packet());
                    return;
                }
                if (!event.table().equals(live.table())) {
                    print(event);
                }
            }
            out.flush();
        }
    }

    private void print(TraceEvent event) throws IOException {
        if (current.isEmpty() || current.getAsInt() != event.packet()) {
            current = OptionalInt.of(event.packet());
            out.println("packet " + Integer.toHexString(event.packet()));
        }
        var place = event.table() + " " + event.chain();
        switch (event.kind()) {
            case RULE -> {
                if (event.handle() == 0) {
                    return; // What the kernel says at the end of a chain.
                }
                var rule = rule(event);
                var service = rule.flatMap(Landmarks::service)
                        .map(name -> "  [" + name + "]")
                        .orElse("");
                var text = rule.map(RuleRef::text).orElse("rule " + event.handle());
                line(place + ": " + text + "  ⇒ " + event.verdict() + service);
            }
            case POLICY -> line(place + ": policy  ⇒ " + event.verdict());
            case RETURN -> line(place + ": end of chain  ⇒ " + event.verdict());
            case UNSPEC -> {}
        }
    }

    private void line(String text) {
        out.println("  " + Text.escapeControls(text));
    }

    private Optional<RuleRef> rule(TraceEvent event) throws IOException {
        var known = rules.get(event.table());
        if (known == null) {
            known = read(event.table());
            rules.put(event.table(), known);
        }
        return Optional.ofNullable(known.get(event.handle()));
    }

    /** The n-th rule of a chain of iptables is the n-th line of its listing. */
    private Map<Long, RuleRef> read(TableId table) throws IOException {
        var byHandle = new HashMap<Long, RuleRef>();
        var next = new HashMap<String, Integer>();
        var own = Table.of(table.name()).filter(iptables.tables()::contains);
        for (var rule : nftables.rules(table)) {
            int index = next.merge(rule.chain(), 1, Integer::sum) - 1;
            if (own.isEmpty()) {
                byHandle.put(rule.handle(), new NftablesRule(table, rule.chain(), index, rule.rule()));
            } else {
                var listed = iptables.rules(own.get(), rule.chain());
                if (index < listed.size()) {
                    IpFamily family = iptables.family();
                    byHandle.put(
                            rule.handle(), new IptablesRule(family, own.get(), rule.chain(), index, listed.get(index)));
                }
            }
        }
        return byHandle;
    }
}
