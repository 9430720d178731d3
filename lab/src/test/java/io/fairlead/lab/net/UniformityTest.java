package io.fairlead.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UniformityTest {

    private static final Set<String> THREE = Set.of("a", "b", "c");

    @Test
    void evenCountsHold() {
        assertThat(Uniformity.of(THREE, Map.of("a", 98, "b", 110, "c", 92)).holds())
                .isTrue();
    }

    @Test
    void aServerWithDoubleShareDoesNotHold() {
        assertThat(Uniformity.of(THREE, Map.of("a", 200, "b", 100, "c", 100)).holds())
                .isFalse();
    }

    @Test
    void aServerThatNeverAnswersDoesNotHold() {
        assertThat(Uniformity.of(THREE, Map.of("a", 60, "b", 60)).holds()).isFalse();
    }

    @Test
    void aStrangerDoesNotHold() {
        var uniformity = Uniformity.of(THREE, Map.of("a", 100, "b", 100, "c", 100, "x", 1));
        assertThat(uniformity.strangers()).containsExactly("x");
        assertThat(uniformity.holds()).isFalse();
    }

    @Test
    void theOnlyServerMayHaveAll() {
        assertThat(Uniformity.of(Set.of("a"), Map.of("a", 10)).holds()).isTrue();
    }

    @Test
    void tooFewAnswersSayNothing() {
        assertThatThrownBy(() -> Uniformity.of(THREE, Map.of("a", 5, "b", 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 answers say nothing about 3 servers");
    }
}
