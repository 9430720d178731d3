package io.fairlead.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.fairlead.netfilter.trace.Branch;
import io.fairlead.netfilter.trace.Effect;
import io.fairlead.netfilter.trace.Fraction;
import io.fairlead.netfilter.trace.Outcome;
import io.fairlead.netfilter.trace.Step;
import io.fairlead.netfilter.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** Prints a trace for programs. */
final class TraceJson {

    private final JsonGenerator json;

    private TraceJson(JsonGenerator json) {
        this.json = json;
    }

    static void print(Trace trace, PrintWriter out) throws IOException {
        var json = new JsonFactory().createGenerator(out);
        json.setPrettyPrinter(new DefaultPrettyPrinter());
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        new TraceJson(json).trace(trace);
        json.close();
        out.println();
    }

    private void trace(Trace trace) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("packet");
        json.writeStringField("protocol", trace.packet().protocol());
        json.writeStringField("source", trace.packet().source().toString());
        json.writeStringField("destination", trace.packet().destination().toString());
        json.writeEndObject();
        outcomes("outcomes", trace.outcomes());
        json.writeArrayFieldStart("alternatives");
        for (var alternative : trace.alternatives()) {
            json.writeStartObject();
            json.writeStringField("if", alternative.condition());
            outcomes("outcomes", alternative.outcomes());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("assumptions");
        for (var assumption : trace.assumptions()) {
            json.writeString(assumption);
        }
        json.writeEndArray();
        json.writeFieldName("path");
        branch(trace.root());
        json.writeEndObject();
    }

    private void outcomes(String name, Map<Outcome, Fraction> outcomes) throws IOException {
        json.writeArrayFieldStart(name);
        for (var outcome : outcomes.entrySet()) {
            json.writeStartObject();
            share(outcome.getValue());
            outcome(outcome.getKey());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void share(Fraction share) throws IOException {
        json.writeStringField("share", share.toString());
        json.writeNumberField("probability", share.toDouble());
    }

    private void outcome(Outcome outcome) throws IOException {
        json.writeStringField("fate", lower(outcome.fate()));
        if (outcome.translatedTo().isPresent()) {
            json.writeStringField("dnat", outcome.translatedTo().get().toString());
        }
        json.writeBooleanField("masqueraded", outcome.masqueraded());
        if (outcome.newSource() instanceof Outcome.NewSource.Rewritten(String to)) {
            json.writeStringField("snat", to);
        }
        if (!outcome.reason().isEmpty()) {
            json.writeStringField("reason", outcome.reason());
        }
    }

    private void branch(Branch branch) throws IOException {
        json.writeStartObject();
        share(branch.share());
        if (branch.condition().isPresent()) {
            json.writeStringField("if", branch.condition().get());
        }
        json.writeArrayFieldStart("steps");
        for (var step : branch.steps()) {
            step(step);
        }
        json.writeEndArray();
        if (branch.end().isPresent()) {
            json.writeObjectFieldStart("end");
            outcome(branch.end().get());
            json.writeEndObject();
        } else {
            json.writeArrayFieldStart("choices");
            for (var choice : branch.choices()) {
                branch(choice);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void step(Step step) throws IOException {
        json.writeStartObject();
        json.writeStringField("hook", lower(step.hook()));
        switch (step) {
            case Step.Enter(var _, var table, var chain) -> place("enter", table, chain);
            case Step.Policy(var _, var table, var chain, var _) -> place("policy", table, chain);
            case Step.Routed(var _, boolean local, var out) -> {
                json.writeStringField("step", "routed");
                json.writeBooleanField("local", local);
                if (out.isPresent()) {
                    json.writeStringField("interface", out.get());
                }
            }
            case Step.Hit(var _, var rule, var effect) -> {
                place("rule", rule.table(), rule.chain());
                json.writeStringField("rule", rule.text());
                json.writeStringField("effect", effect(effect));
                var service = Landmarks.service(rule);
                if (service.isPresent()) {
                    json.writeStringField("service", service.get());
                }
            }
        }
        json.writeEndObject();
    }

    private void place(String step, String table, String chain) throws IOException {
        json.writeStringField("step", step);
        json.writeStringField("table", table);
        json.writeStringField("chain", chain);
    }

    private static String effect(Effect effect) {
        return switch (effect) {
            case Effect.Jump(String chain) -> "jump " + chain;
            case Effect.Goto(String chain) -> "goto " + chain;
            case Effect.Return _ -> "return";
            case Effect.Dnat(var to) -> "dnat " + to;
            case Effect.Snat(Outcome.NewSource.Rewritten(String to)) -> "snat " + to;
            case Effect.Snat _ -> "masquerade";
            case Effect.Mark(int value) -> "mark 0x" + Integer.toHexString(value);
            case Effect.Accept _ -> "accept";
            case Effect.Drop _ -> "drop";
            case Effect.Reject(String with) -> "reject " + with;
            case Effect.Nothing(String name) -> name.isEmpty() ? "none" : "none " + name;
            case Effect.Unknown(String what) -> "unknown " + what;
        };
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
