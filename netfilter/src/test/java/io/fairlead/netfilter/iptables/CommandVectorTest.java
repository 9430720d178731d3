package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.Vectors;
import io.fairlead.netfilter.ip.IpFamily;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Upstream's transcripts of command lines, replayed against {@link Iptables}. */
class CommandVectorTest {

    private static final String NO_LOCKS =
            "iptables-restore before 1.6.2 without any -w: Fairlead does not take the two locks in its place";

    private static final Map<String, String> EXCEPTIONS =
            Map.of("TestRestoreAllGrabNewLock", NO_LOCKS, "TestRestoreAllGrabOldLock", NO_LOCKS);

    @Test
    void replaysUpstreamsCommandTranscripts() throws Exception {
        Vectors.replay("iptables-cli/exec.json", EXCEPTIONS, CommandVectorTest::replay);
    }

    private static void replay(JsonNode vector) throws Exception {
        var transcript = new Transcript();
        Optional<Iptables> iptables = Optional.empty();
        for (var event : vector.get("events")) {
            if (event.get("do").asText().equals("exec")) {
                if (isNewFamily(event) && iptables.isPresent()) {
                    iptables = Optional.empty();
                }
                transcript.expected.add(event);
                continue;
            }
            if (isNeverDone(event)) {
                transcript.expected.removeLast();
                continue;
            }
            if (iptables.isEmpty()) {
                iptables = Optional.of(open(transcript));
            }
            call(iptables.get(), event);
        }
        if (vector.has("expected")) {
            compare(open(transcript).capabilities(), vector.get("expected"));
        }
        assertThat(transcript.expected).isEmpty();
    }

    private static boolean isNewFamily(JsonNode exec) {
        return exec.get("argv").get(0).asText().matches("ip6?tables")
                && exec.get("argv").get(1).asText().equals("--version");
    }

    /** Fairlead always restores with --noflush --counters; upstream's other forms have no caller there either. */
    private static boolean isNeverDone(JsonNode call) {
        return call.get("method").asText().equals("Restore")
                && (call.get("args").get(2).asBoolean()
                        || !call.get("args").get(3).asBoolean());
    }

    private static Iptables open(Transcript transcript) {
        var first = transcript.expected.getFirst().get("argv");
        // Upstream's checks without -C begin with a ready-made object; ours learns that from an old version.
        if (first.get(0).asText().equals("iptables-save")) {
            return Iptables.probe(IpFamily.IPV4, new OldVersion(transcript));
        }
        var family = first.get(0).asText().startsWith("ip6") ? IpFamily.IPV6 : IpFamily.IPV4;
        return Iptables.probe(family, transcript);
    }

    private static void compare(Capabilities capabilities, JsonNode expected) {
        assertThat(capabilities.check()).isEqualTo(expected.get("hasCheck").asBoolean());
        assertThat(capabilities.randomFully())
                .isEqualTo(expected.get("hasRandomFully").asBoolean());
        assertThat(capabilities.waitFlags()).isEqualTo(words(expected.get("waitFlag")));
        assertThat(capabilities.restoreWaitFlags()).isEqualTo(words(expected.get("restoreWaitFlag")));
    }

    private static void call(Iptables iptables, JsonNode call) {
        Optional<Boolean> result = Optional.empty();
        boolean failed = false;
        try {
            result = invoke(iptables, call.get("method").asText(), call.get("args"));
        } catch (IptablesException e) {
            failed = true;
            assertThat(e.getMessage()).doesNotContain("\n").startsWith("ip");
        }
        assertThat(failed).as(call.toString()).isEqualTo(!call.get("error").isNull());
        if (!failed && call.has("result")) {
            assertThat(result).as(call.toString()).contains(call.get("result").asBoolean());
        }
    }

    private static Optional<Boolean> invoke(Iptables iptables, String method, JsonNode args) throws IptablesException {
        return switch (method) {
            case "checkRuleWithoutCheck" ->
                Optional.of(iptables.checkRule(
                        table(args.get(0)),
                        args.get(1).asText(),
                        RuleParser.parseRule(String.join(" ", words(args.get(2))))));
            case "EnsureChain" ->
                Optional.of(
                        !iptables.ensureChain(table(args.get(0)), args.get(1).asText()));
            case "ChainExists" -> {
                iptables.requireNat();
                yield Optional.of(true);
            }
            case "FlushChain" -> {
                iptables.flushChain(table(args.get(0)), args.get(1).asText());
                yield Optional.empty();
            }
            case "DeleteChain" -> {
                iptables.deleteChain(table(args.get(0)), args.get(1).asText());
                yield Optional.empty();
            }
            case "EnsureRule" ->
                Optional.of(!iptables.ensureRule(
                        args.get(0).asText().equals("-A") ? Iptables.Position.END : Iptables.Position.TOP,
                        table(args.get(1)),
                        args.get(2).asText(),
                        rule(args.get(3))));
            case "DeleteRule" -> {
                iptables.deleteRule(table(args.get(0)), args.get(1).asText(), rule(args.get(2)));
                yield Optional.empty();
            }
            case "SaveInto" -> {
                iptables.save(Optional.of(table(args.get(0))));
                yield Optional.empty();
            }
            case "Restore" -> {
                iptables.restoreTable(table(args.get(0)), sink -> {});
                yield Optional.empty();
            }
            case "RestoreAll" -> {
                iptables.restore(sink -> {});
                yield Optional.empty();
            }
            default -> throw new IllegalArgumentException(method);
        };
    }

    private static Table table(JsonNode name) {
        return Table.of(name.asText()).orElseThrow();
    }

    /** Upstream's tests use words that are no rule. */
    private static Rule rule(JsonNode args) {
        return new Rule(List.of(new Match.Verbatim("", words(args))), Optional.empty());
    }

    static List<String> words(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** Expects the recorded commands in their order, and says what they said. */
    private static final class Transcript implements CommandRunner {
        private final Deque<JsonNode> expected = new ArrayDeque<>();

        @Override
        public Exit run(List<String> argv, Input input, Output output, Duration limit) throws IOException {
            var exec = expected.removeFirst();
            assertThat(argv).isEqualTo(words(exec.get("argv")));
            if (exec.get("exit").isNull()) {
                throw new IOException(exec.get("cannotRun").asText());
            }
            input.writeTo(new ByteArrayOutputStream());
            output.readFrom(new ByteArrayInputStream(exec.get("stdout").asText().getBytes(StandardCharsets.UTF_8)));
            return new Exit(exec.get("exit").asInt(), exec.path("stderr").asText(""));
        }
    }

    /** Says 1.4.0 when asked for the version. */
    private record OldVersion(CommandRunner then) implements CommandRunner {
        @Override
        public Exit run(List<String> argv, Input input, Output output, Duration limit) throws IOException {
            if (!argv.contains("--version")) {
                return then.run(argv, input, output, limit);
            }
            output.readFrom(new ByteArrayInputStream("iptables v1.4.0".getBytes(StandardCharsets.UTF_8)));
            return new Exit(0, "");
        }
    }

    @Test
    void replaysUpstreamsVersionTests() throws Exception {
        Vectors.replay("iptables-cli/util.json", Map.of(), CommandVectorTest::util);
    }

    private static void util(JsonNode vector) throws IOException {
        var test = vector.get("test").asText();
        if (test.startsWith("TestIPTablesWaitFlag")) {
            var capabilities = Capabilities.of("v" + vector.get("Version").asText(), () -> "");
            assertThat(capabilities.waitFlags()).isEqualTo(words(vector.get("Result")));
        } else if (test.startsWith("TestGetIPTablesRestoreWaitFlag")) {
            var capabilities = Capabilities.of(
                    "v" + vector.get("version").asText(),
                    () -> vector.get("restoreVersionOutput").asText());
            assertThat(capabilities.restoreWaitFlags()).isEqualTo(words(vector.get("expected")));
        } else if (test.startsWith("TestGetIPTablesHasCheckCommand")) {
            assertThat(Capabilities.of(vector.get("Version").asText(), () -> "").check())
                    .isEqualTo(vector.get("Expected").asBoolean());
        } else if (test.startsWith("TestExtractLines")) {
            extractLines(vector);
        } else if (test.startsWith("TestIPTablesCommands")) {
            assertThat(programs(IpFamily.valueOf(vector.get("protocol").asText().toUpperCase(java.util.Locale.ROOT))))
                    .contains(vector.get("expectedCmd").asText());
        } else {
            chains(vector);
        }
    }

    private static void extractLines(JsonNode vector) {
        var surroundings =
                new Surroundings(vector.get("line").asInt(), vector.get("count").asInt());
        vector.get("input").asText().lines().forEach(surroundings::append);
        var expected = new ArrayList<IptablesException.Line>();
        vector.get("want")
                .forEach(line -> expected.add(new IptablesException.Line(
                        line.get("Line").asInt(), line.get("Data").asText())));
        assertThat(surroundings.kept()).isEqualTo(expected);
    }

    private static List<String> programs(IpFamily family) {
        var programs = new ArrayList<String>();
        CommandRunner runner = (argv, input, output, limit) -> {
            programs.add(argv.getFirst());
            output.readFrom(new ByteArrayInputStream(new byte[0]));
            return new CommandRunner.Exit(1, "");
        };
        var iptables = Iptables.probe(family, runner);
        assertThatThrownBy(() -> iptables.restore(sink -> {})).isInstanceOf(IptablesException.class);
        assertThatThrownBy(() -> iptables.save(Optional.empty())).isInstanceOf(IptablesException.class);
        return programs;
    }

    private static void chains(JsonNode vector) {
        var chains = new ArrayList<String>();
        var parser = new SaveParser(new SaveListener() {
            @Override
            public void table(Table table) {}

            @Override
            public void chain(String name, Optional<Target.Verdict> policy) {
                chains.add(name);
            }

            @Override
            public void rule(String chain, Rule rule) {}

            @Override
            public void end() {}
        });
        words(vector.get("input")).forEach(parser::line);
        assertThat(chains).containsExactlyInAnyOrderElementsOf(words(vector.get("expected")));
    }
}
