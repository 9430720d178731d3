package io.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code bench/run soak}; the long one is for people (docs/performance.md). */
@Tag("kernel")
@Timeout(180)
class SoakTest {

    @Test
    void afterChurnWithFaultsTheKernelHoldsWhatAFreshSyncWouldWrite() {
        var out = new ByteArrayOutputStream();
        int status = Main.run(
                new String[] {"soak", "--minutes=0.2", "--services=40"},
                new PrintStream(out, true, StandardCharsets.UTF_8));
        var text = out.toString(StandardCharsets.UTF_8);
        System.out.println(text);
        assertThat(status).as(text).isZero();
        assertThat(text).contains("calm, at the end", "soak: passed");
    }
}
