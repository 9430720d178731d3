package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.trace.Branch;
import io.fairlead.netfilter.trace.NftablesRule;
import io.fairlead.netfilter.trace.Outcome;
import io.fairlead.netfilter.trace.RuleRef;
import io.fairlead.netfilter.trace.Step;
import io.fairlead.netfilter.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules that a packet meets, as lines and as JSON. */
record TraceText(Trace trace) {

    /** Of many ways that differ by chance only, so many are written out. */
    private static final int WAYS = 3;

    /** A choice among many endpoints is a fork in every rule; so many are told. */
    private static final int DEPTH = 24;

    void write(StringBuilder text) {
        text.append("\nThe rules on its way:\n");
        branch(trace.root(), 1, text);
        text.append("Outcomes: ");
        var outcomes = new ArrayList<String>();
        trace.outcomes().forEach((outcome, share) -> outcomes.add(share + " " + outcome));
        text.append(Printable.of(String.join("; ", outcomes))).append('\n');
    }

    private static void branch(Branch branch, int depth, StringBuilder text) {
        var indent = "  ".repeat(Math.min(depth, 12));
        for (var hit : hits(branch)) {
            text.append(indent)
                    .append(place(hit.rule()))
                    .append(' ')
                    .append(Printable.of(hit.rule().text()))
                    .append('\n');
        }
        branch.end()
                .ifPresent(end -> text.append(indent)
                        .append("⇒ ")
                        .append(Printable.of(end.toString()))
                        .append('\n'));
        int ways = 0;
        for (var choice : branch.choices()) {
            if (choice.condition().isPresent()) {
                continue;
            }
            if (++ways > WAYS || depth > WAYS * 2) {
                text.append(indent).append("… and so on for the others\n");
                return;
            }
            text.append(indent)
                    .append("with probability ")
                    .append(choice.share())
                    .append(":\n");
            branch(choice, depth + 1, text);
        }
    }

    /** Rules of iptables name their chain themselves. */
    private static String place(RuleRef rule) {
        return rule instanceof NftablesRule ? rule.table() + " " + Printable.of(rule.chain()) + ":" : rule.table();
    }

    /** A rule that does several things in a row is told once. */
    private static List<Step.Hit> hits(Branch branch) {
        var hits = new ArrayList<Step.Hit>();
        for (var step : branch.steps()) {
            if (step instanceof Step.Hit hit) {
                boolean again = !hits.isEmpty()
                        && hits.getLast().hook() == hit.hook()
                        && hits.getLast().rule().equals(hit.rule());
                if (!again) {
                    hits.add(hit);
                }
            }
        }
        return hits;
    }

    Map<String, Object> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("way", branch(trace.root(), DEPTH));
        var outcomes = new ArrayList<Map<String, Object>>();
        trace.outcomes().forEach((outcome, share) -> {
            var one = outcome(outcome);
            one.put("share", share.toString());
            outcomes.add(one);
        });
        json.put("outcomes", outcomes);
        json.put("assumptions", trace.assumptions());
        return json;
    }

    private static Map<String, Object> branch(Branch branch, int depth) {
        var json = new LinkedHashMap<String, Object>();
        json.put("share", branch.share().toString());
        branch.condition().ifPresent(condition -> json.put("condition", condition));
        var steps = new ArrayList<Map<String, Object>>();
        for (var hit : hits(branch)) {
            var one = new LinkedHashMap<String, Object>();
            one.put("hook", hit.hook().name());
            one.put("table", hit.rule().table());
            one.put("chain", hit.rule().chain());
            one.put("rule", hit.rule().text());
            steps.add(one);
        }
        json.put("steps", steps);
        json.put(
                "choices",
                depth == 0
                        ? List.of()
                        : branch.choices().stream()
                                .map(choice -> branch(choice, depth - 1))
                                .toList());
        if (depth == 0 && !branch.choices().isEmpty()) {
            json.put("truncated", true);
        }
        branch.end().ifPresent(end -> json.put("end", outcome(end)));
        return json;
    }

    private static Map<String, Object> outcome(Outcome outcome) {
        var json = new LinkedHashMap<String, Object>();
        json.put("fate", outcome.fate().name());
        outcome.translatedTo().ifPresent(to -> json.put("to", to.toString()));
        json.put("masqueraded", outcome.masqueraded());
        json.put("text", outcome.toString());
        return json;
    }
}
