package io.fairlead.cli;

import io.fairlead.netfilter.trace.Branch;
import io.fairlead.netfilter.trace.Effect;
import io.fairlead.netfilter.trace.Fate;
import io.fairlead.netfilter.trace.Fraction;
import io.fairlead.netfilter.trace.Outcome;
import io.fairlead.netfilter.trace.Packet;
import io.fairlead.netfilter.trace.Step;
import io.fairlead.netfilter.trace.Trace;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Prints a trace for people. */
final class TraceText {

    /** Ways that are printed in full unless all are asked for. */
    private static final int WAYS = 2;

    private static final int OUTCOMES = 20;

    private final PrintWriter out;
    private final boolean colour;
    private final boolean all;
    private final Deque<String> chains = new ArrayDeque<>();
    private final Set<String> services = new LinkedHashSet<>();
    private final Set<String> foreign = new LinkedHashSet<>();

    TraceText(PrintWriter out, boolean colour, boolean all) {
        this.out = out;
        this.colour = colour;
        this.all = all;
    }

    void print(Trace trace) {
        out.println(bold(trace.packet().toString()) + ", " + origin(trace.packet()));
        branch(trace.root(), "");
        answer(trace);
    }

    private static String origin(Packet packet) {
        return switch (packet.origin()) {
            case Packet.Generated _ -> "sent by a process of this machine";
            case Packet.Arriving(var in) ->
                "from the network"
                        + in.map(name -> " through " + Text.escapeControls(name))
                                .orElse("");
        };
    }

    private void branch(Branch branch, String indent) {
        branch.steps().forEach(step -> step(step, indent));
        var here = List.copyOf(chains);
        int printed = 0;
        int left = 0;
        for (var choice : branch.choices()) {
            if (choice.condition().isPresent()) {
                continue;
            }
            boolean only = choice.share().isOne();
            if (!only && !all && printed == WAYS) {
                left++;
                note(choice);
                continue;
            }
            printed++;
            chains.clear();
            chains.addAll(here);
            if (!only) {
                out.println(indent + bold("── " + share(choice.share())));
            }
            branch(choice, only ? indent : indent + "   ");
        }
        if (left > 0) {
            out.println(
                    indent + "── and " + left + (left == 1 ? " other way" : " other ways") + " (--all prints them)");
        }
    }

    /** What is not printed still counts for the summary. */
    private void note(Branch branch) {
        for (var step : branch.steps()) {
            if (step instanceof Step.Hit hit) {
                remember(hit);
            }
        }
        branch.choices().stream().filter(choice -> choice.condition().isEmpty()).forEach(this::note);
    }

    private void step(Step step, String indent) {
        switch (step) {
            case Step.Enter(var hook, var table, var chain) -> {
                chains.clear();
                chains.push(chain);
                out.println(indent
                        + bold(hook + " " + table)
                        + (chain.equals(hook.name()) ? "" : " " + Text.escapeControls(chain)));
            }
            case Step.Hit hit -> hit(hit, indent);
            case Step.Policy(var _, var _, var chain, var _) ->
                out.println(indent + "  " + red("policy of " + Text.escapeControls(chain) + ": dropped"));
            case Step.Routed(var _, boolean local, var to) ->
                out.println(indent
                        + bold("routed")
                        + (local
                                ? " to this machine"
                                : " on"
                                        + to.map(name -> " through " + Text.escapeControls(name))
                                                .orElse("")));
        }
    }

    private void hit(Step.Hit hit, String indent) {
        while (chains.contains(hit.rule().chain())
                && !chains.peek().equals(hit.rule().chain())) {
            chains.pop();
        }
        if (!chains.contains(hit.rule().chain())) {
            chains.push(hit.rule().chain());
        }
        var owner = remember(hit);
        out.println(indent
                + "  ".repeat(chains.size())
                + Text.escapeControls(hit.rule().text())
                + owner
                + effect(hit.effect()));
    }

    /** @return whose rule it is, for the end of its line */
    private String remember(Step.Hit hit) {
        var leadsTo =
                switch (hit.effect()) {
                    case Effect.Jump(String chain) -> chain;
                    case Effect.Goto(String chain) -> chain;
                    default -> "";
                };
        Landmarks.service(hit.rule()).ifPresent(services::add);
        var owner = Landmarks.owner(hit.rule(), leadsTo);
        owner.filter(_ -> matters(hit.effect()))
                .ifPresent(name ->
                        foreign.add(name + ": " + Text.escapeControls(hit.rule().text())));
        return owner.filter(name -> !name.equals("somebody else"))
                .map(name -> dim("  [" + name + "]"))
                .orElse("");
    }

    /** Whether it has a say in where the packet goes. */
    private static boolean matters(Effect effect) {
        return switch (effect) {
            case Effect.Jump _, Effect.Goto _, Effect.Return _, Effect.Nothing _, Effect.Accept _ -> false;
            case Effect.Dnat _, Effect.Snat _, Effect.Mark _, Effect.Drop _, Effect.Reject _, Effect.Unknown _ -> true;
        };
    }

    private String effect(Effect effect) {
        return switch (effect) {
            case Effect.Dnat(var to) -> green("  ⇒ to " + to);
            case Effect.Snat(var _) -> green("  ⇒ source rewritten");
            case Effect.Mark(int value) -> "  ⇒ mark 0x" + Integer.toHexString(value);
            case Effect.Drop _ -> red("  ⇒ dropped");
            case Effect.Reject _ -> red("  ⇒ rejected");
            case Effect.Unknown _ -> red("  ⇒ not known");
            case Effect.Jump _, Effect.Goto _, Effect.Return _, Effect.Accept _, Effect.Nothing _ -> "";
        };
    }

    private void answer(Trace trace) {
        out.println();
        outcomes(trace.outcomes());
        if (!services.isEmpty()) {
            out.println("Service: " + String.join(", ", services));
        }
        foreign.forEach(rule -> out.println("Not a service proxy's doing: " + rule));
        for (var alternative : trace.alternatives()) {
            out.println("If " + Text.escapeControls(alternative.condition()) + ":");
            outcomes(alternative.outcomes());
        }
        if (!trace.assumptions().isEmpty()) {
            out.println(
                    dim("Assumed not to be so: " + Text.escapeControls(String.join("; ", trace.assumptions())) + "."));
        }
    }

    private void outcomes(Map<Outcome, Fraction> outcomes) {
        int printed = 0;
        for (var outcome : outcomes.entrySet()) {
            if (printed++ == OUTCOMES && !all) {
                out.println("        … and " + (outcomes.size() - OUTCOMES) + " more (--all prints them)");
                return;
            }
            var text = Text.escapeControls(outcome.getKey().toString());
            boolean good =
                    outcome.getKey().fate() == Fate.SENT || outcome.getKey().fate() == Fate.DELIVERED;
            out.println("  " + percent(outcome.getValue()) + "  " + (good ? green(text) : red(text)));
        }
    }

    private static String share(Fraction share) {
        return share + " (" + percent(share).strip() + ")";
    }

    private static String percent(Fraction share) {
        return String.format(Locale.ROOT, "%5.1f %%", share.toDouble() * 100);
    }

    private String bold(String text) {
        return coloured(text, "1");
    }

    private String dim(String text) {
        return coloured(text, "2");
    }

    private String green(String text) {
        return coloured(text, "32");
    }

    private String red(String text) {
        return coloured(text, "31");
    }

    private String coloured(String text, String code) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
