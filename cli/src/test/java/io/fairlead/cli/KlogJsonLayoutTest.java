package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KlogJsonLayoutTest {

    private final List<String> lines = new ArrayList<>();
    private Logger log = new LoggerContext().getLogger("io.fairlead.test");

    @BeforeEach
    void capture() {
        var layout = new KlogJsonLayout();
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(layout.doLayout(event));
            }
        };
        appender.start();
        log.setLevel(Level.TRACE);
        log.addAppender(appender);
    }

    @Test
    void membersComeInKlogsOrder() {
        log.atInfo()
                .addKeyValue("file", "out.yaml")
                .addKeyValue("n", 3)
                .addKeyValue("ips", List.of("10.0.0.5", "fd00::5"))
                .addKeyValue("elapsed", Duration.ofSeconds(2))
                .log("Wrote configuration");
        assertThat(lines.getFirst())
                .matches("\\{\"ts\":\\d{13}\\.\\d{4},\"caller\":\"cli/KlogJsonLayoutTest\\.java:\\d+\","
                        + "\"msg\":\"Wrote configuration\",\"v\":0,\"file\":\"out\\.yaml\",\"n\":3,"
                        + "\"ips\":\\[\"10\\.0\\.0\\.5\",\"fd00::5\"],\"elapsed\":\"PT2S\"}\\n");
    }

    @Test
    void timeIsInMilliseconds() throws Exception {
        log.info("now");
        assertThat(json(lines.getFirst()).path("ts").asDouble())
                .isBetween((double) Instant.now().minusSeconds(60).toEpochMilli(), (double)
                        Instant.now().plusSeconds(1).toEpochMilli());
    }

    @Test
    void errorsHaveNoVerbosityAndDebuggingHas() throws Exception {
        log.atError().addKeyValue("err", new IllegalStateException("broken")).log("command failed");
        log.debug("details");
        log.trace("more");
        assertThat(json(lines.get(0)).has("v")).isFalse();
        assertThat(json(lines.get(0)).path("err").asText()).isEqualTo("broken");
        assertThat(json(lines.get(1)).path("v").asInt()).isEqualTo(2);
        assertThat(json(lines.get(2)).path("v").asInt()).isEqualTo(4);
    }

    @Test
    void oneEventIsOneLineOfJsonWhateverItHolds() throws Exception {
        log.atError()
                .addKeyValue("k\n\"ey", "a\\\nb\u2028\u001b[2J")
                .addKeyValue("nothing", (Object) null)
                .setCause(new IllegalStateException("b\nc"))
                .log("name\n{}", "x\ty");
        assertThat(lines.getFirst().stripTrailing()).doesNotContainPattern("[\\n\\r\\u2028\\u001b]");
        var json = json(lines.getFirst());
        assertThat(json.path("msg").asText()).isEqualTo("name\nx\ty");
        assertThat(json.path("k\n\"ey").asText()).isEqualTo("a\\\nb\u2028\u001b[2J");
        assertThat(json.path("err").asText()).isEqualTo("java.lang.IllegalStateException: b\nc");
        assertThat(json.path("nothing").isNull()).isTrue();
    }

    private static JsonNode json(String line) throws Exception {
        return new ObjectMapper().readTree(line);
    }
}
