package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "0s, 0s",
        "15m, 15m0s",
        "24h, 24h0m0s",
        "1h2m3.5s, 1h2m3.5s",
        "90s, 1m30s",
        "-1s, -1s",
        "+5ms, 5ms",
        "1500us, 1.5ms",
        "1.5µs, 1.5µs",
        "7ns, 7ns",
        ".5s, 500ms",
        "1.s, 1s",
        "100h, 100h0m0s",
    })
    void readsAndPrintsAsGo(String text, String printed) {
        assertThat(GoDuration.format(GoDuration.parse(text))).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "'', time: invalid duration \"\"",
        "15, time: missing unit in duration \"15\"",
        "15parsecs, time: unknown unit \"parsecs\" in duration \"15parsecs\"",
        "s, time: invalid duration \"s\"",
        "1..2s, time: invalid duration \"1..2s\"",
        "-, time: invalid duration \"-\"",
        "9999999999999h, time: invalid duration \"9999999999999h\"",
    })
    void refusesInGosWords(String text, String message) {
        assertThatThrownBy(() -> GoDuration.parse(text)).hasMessage(message);
    }

    @Property
    void whatIsPrintedReadsBack(@ForAll long nanos) {
        var duration = Duration.ofNanos(nanos == Long.MIN_VALUE ? 0 : nanos);
        assertThat(GoDuration.parse(GoDuration.format(duration))).isEqualTo(duration);
    }
}
