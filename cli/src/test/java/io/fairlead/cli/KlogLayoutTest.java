package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KlogLayoutTest {

    private final List<String> lines = new ArrayList<>();
    private Logger log = new LoggerContext().getLogger("io.fairlead.test");

    @BeforeEach
    void capture() {
        var layout = new KlogLayout(1);
        var appender = new AppenderBase<ILoggingEvent>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(layout.doLayout(event));
            }
        };
        appender.start();
        log.addAppender(appender);
    }

    @Test
    void looksLikeKlog() {
        log.atInfo()
                .addKeyValue("nodeIPs", List.of("10.0.0.5"))
                .addKeyValue("n", 3)
                .log("Retrieved \"IPs\"");
        assertThat(lines.getFirst())
                .matches("I\\d{4} \\d\\d:\\d\\d:\\d\\d\\.\\d{6}       1 KlogLayoutTest\\.java:\\d+\\] "
                        + "\"Retrieved \\\\\"IPs\\\\\"\" nodeIPs=\\[\"10\\.0\\.0\\.5\"\\] n=3\\R");
    }

    @Test
    void levelsHaveLetters() {
        log.warn("w");
        log.error("e");
        assertThat(lines.get(0)).startsWith("W");
        assertThat(lines.get(1)).startsWith("E");
    }

    @Test
    void oneEventIsOneLineWhateverItHolds() {
        log.atError()
                .addKeyValue("k\ney", "a\nE1123 00:00:00.000000       1 Fake.java:1] \"forged\"\r\u2028\u001b[2J")
                .setCause(new IllegalStateException("b\nc"))
                .log("name\nI1123 {}", "x\ny");
        assertThat(lines.getFirst().stripTrailing()).doesNotContainPattern("[\\n\\r\\u2028\\u001b]");
        assertThat(lines.getFirst())
                .contains("err=\"java.lang.IllegalStateException: b\\nc\"")
                .contains("stack=");
    }
}
