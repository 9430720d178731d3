package io.fairlead.proxy.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.proxy.config.GoDuration;
import io.fairlead.proxy.sync.Pacer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/** Upstream's own scripts of when to run, on a clock that only moves when told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PacerVectorsTest {

    private final VectorReport report = new VectorReport();

    @AfterAll
    void printReport() {
        report.print();
    }

    @TestFactory
    Stream<DynamicTest> pacing() {
        return report.tests(
                "other/bounded-frequency-runner.json",
                vector -> vector.path("test").asText(),
                (vector, run) -> run.compare("runs", () -> new Script(vector).play()));
    }

    /** Runs take no time and begin as soon as they are due. */
    private static final class Script {

        private final JsonNode vector;
        private final boolean realClock;
        private final Pacer pacer;
        private long now;
        private int calls;
        private int callsSeen;
        private boolean success = true;

        Script(JsonNode vector) {
            this.vector = vector;
            realClock = vector.path("realClock").asBoolean();
            pacer = new Pacer(interval("minInterval"), interval("retryInterval"), interval("maxInterval"), now);
        }

        private Duration interval(String name) {
            return duration(vector.path(name));
        }

        private static Duration duration(JsonNode text) {
            return GoDuration.parse(text.asText());
        }

        void play() {
            for (var event : vector.path("events")) {
                switch (event.path("do").asText()) {
                    case "run" -> pacer.request();
                    case "setResult" -> success = event.path("error").isNull();
                    case "advanceClock" -> advance(duration(event.path("by")));
                    case "sleep" -> advance(duration(event.path("for")));
                    case "expectCall" -> {
                        runWhatIsDue();
                        callsSeen++;
                        assertThat(calls).isEqualTo(event.path("totalCalls").asInt());
                    }
                    case "expectNoCall" -> {
                        waitInRealTime();
                        assertThat(calls).as("calls at %d ns", now).isEqualTo(callsSeen);
                    }
                    default -> throw new AssertionError("unknown event " + event);
                }
            }
        }

        /** Waiting for a call that does not come takes 100 ms, which only count when the clock is real. */
        private void waitInRealTime() {
            advance(realClock ? Duration.ofMillis(100) : Duration.ZERO);
        }

        /** A real clock passes every moment; the recorded fake one jumps. */
        private void advance(Duration by) {
            long end = now + by.toNanos();
            runWhatIsDue();
            for (long due = due(); realClock && due <= end; due = due()) {
                now = due;
                runWhatIsDue();
            }
            now = end;
            runWhatIsDue();
        }

        private long due() {
            return now + pacer.delay(now).orElseThrow();
        }

        private void runWhatIsDue() {
            while (pacer.delay(now).orElseThrow() == 0) {
                pacer.started();
                calls++;
                pacer.finished(now, success);
            }
        }
    }
}
