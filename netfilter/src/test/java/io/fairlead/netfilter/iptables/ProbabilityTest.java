package io.fairlead.netfilter.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written for one share in {@code n}, and what the kernel makes of it. */
class ProbabilityTest {

    @ParameterizedTest
    @CsvSource({
        "2, 0.5000000000, 0.50000000000",
        "3, 0.3333333333, 0.33333333349",
        "5, 0.2000000000, 0.20000000019",
        "6, 0.1666666667, 0.16666666651",
        "7, 0.1428571429, 0.14285714272",
        "9, 0.1111111111, 0.11111111101",
        "10, 0.1000000000, 0.10000000009",
        "11, 0.0909090909, 0.09090909082",
        "12, 0.0833333333, 0.08333333349",
        "100, 0.0100000000, 0.00999999978",
        "1000, 0.0010000000, 0.00100000016",
        "2048, 0.0004882812, 0.00048828125",
    })
    void restoreInputHasTenDecimalsAndAListingWhatTheKernelKeeps(int n, String restored, String saved) {
        assertThat(restoreText(n)).isEqualTo(restored);
        assertThat(new SavePrinter(IpFamily.IPV4).line("A", share(n))).contains("--probability " + saved + " ");
    }

    @Test
    void moreEndpointsAlwaysMeanASmallerShare() {
        var texts = IntStream.rangeClosed(2, 100_000)
                .mapToObj(ProbabilityTest::restoreText)
                .toList();
        assertThat(texts).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    }

    private static String restoreText(int n) {
        var line = RestorePrinter.text(sink -> sink.append("A", share(n)));
        int start = line.indexOf("--probability ") + "--probability ".length();
        return line.substring(start, line.indexOf(' ', start));
    }

    private static Rule share(int n) {
        return Rule.of(Target.Verdict.ACCEPT, new Match.Probability(1.0 / n));
    }
}
