package io.fairlead.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When garbage is worth stopping for; that the process stays small under change is what {@code bench/run soak} shows. */
class HeapKeeperTest {

    @ParameterizedTest
    @CsvSource({"9, 9, false", "9, 19, false", "9, 20, true", "100, 150, false", "100, 157, true", "1000, 1400, false"})
    void garbageIsCollectedFromHalfOfWhatLivesOn(long live, long used, boolean worth) {
        assertThat(HeapKeeper.isWorthIt(live << 20, used << 20)).isEqualTo(worth);
    }
}
