package io.fairlead.proxy.source.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

    @ParameterizedTest
    @CsvSource({
        "Bearer abc.def, 'invalid token abc.def, abc.def', 'invalid token …, …'",
        "Basic YWRtaW46aHVudGVyMg==, YWRtaW46aHVudGVyMg== is admin:hunter2, … is admin:…",
        "Bearer abc, abc is short enough to be a word, abc is short enough to be a word",
        "'', nothing was sent, nothing was sent"
    })
    void takesTheCredentialOut(String authorization, String text, String shown) {
        assertThat(new Redaction(authorization).in(text)).isEqualTo(shown);
    }
}
