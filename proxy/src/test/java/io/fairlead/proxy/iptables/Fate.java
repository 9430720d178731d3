package io.fairlead.proxy.iptables;

import io.fairlead.netfilter.trace.Branch;
import io.fairlead.netfilter.trace.Effect;
import io.fairlead.netfilter.trace.Outcome;
import io.fairlead.netfilter.trace.Step;
import io.fairlead.netfilter.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A trace in the words of upstream's own tests.
 *
 * @param output all final actions, in the order of the rules: {@code ip:port} of endpoints, verdicts
 * @param masqueraded on some way the packet is marked for masquerading
 */
record Fate(List<String> output, boolean masqueraded) {

    static Fate of(Trace trace) {
        var endpoints = new LinkedHashSet<String>();
        var verdicts = new LinkedHashSet<String>();
        boolean accepted = hits(trace.root())
                .anyMatch(hit -> hit.rule().chain().equals(Chains.NODE_PORTS) && hit.effect() instanceof Effect.Accept);
        for (var outcome : trace.outcomes().keySet()) {
            outcome.translatedTo().ifPresent(to -> endpoints.add(to.toString()));
            verdict(outcome, verdicts);
        }
        if (accepted) {
            verdicts.add("ACCEPT");
        }
        var output = new ArrayList<>(endpoints);
        output.addAll(verdicts);
        return new Fate(
                output,
                hits(trace.root())
                        .anyMatch(hit ->
                                hit.effect() instanceof Effect.Jump(String chain) && chain.equals(Chains.MARK_MASQ)));
    }

    private static void verdict(Outcome outcome, Set<String> verdicts) {
        switch (outcome.fate()) {
            case DROPPED -> verdicts.add("DROP");
            case REJECTED -> verdicts.add("REJECT");
            case UNKNOWN -> verdicts.add("UNKNOWN");
            case SENT, DELIVERED -> {}
        }
    }

    private static Stream<Step.Hit> hits(Branch branch) {
        return Stream.concat(
                branch.steps().stream().filter(Step.Hit.class::isInstance).map(Step.Hit.class::cast),
                branch.choices().stream()
                        .filter(choice -> choice.condition().isEmpty())
                        .flatMap(Fate::hits));
    }
}
