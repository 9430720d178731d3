package io.fairlead.netfilter.nftables.wire;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class DecoderFuzzTest {

    /** The short form; {@link FuzzNetlink} runs as long as one likes. */
    @Property(tries = 10)
    void randomAndMutatedBytesGiveAMessageOrTheCheckedFailure(@ForAll long seed) {
        var fuzz = new FuzzNetlink(seed);
        for (int i = 0; i < 3_000; i++) {
            fuzz.once();
        }
        assertThat(fuzz.decoded()).isPositive();
        assertThat(fuzz.refused()).isPositive();
    }
}
