package io.fairlead.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of {@code bench/run churn}. */
@Tag("kernel")
@Timeout(180)
class ChurnUnderTrafficTest {

    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void noConnectionFailsWhileEndpointsAndServicesComeAndGo(String mode) {
        var out = new ByteArrayOutputStream();
        int status = Main.run(
                new String[] {"churn", "--changes=60", "--mode=" + mode},
                new PrintStream(out, true, StandardCharsets.UTF_8));
        var text = out.toString(StandardCharsets.UTF_8);
        System.out.println(text);
        assertThat(status).as(text).isZero();
        assertThat(text).contains(" 0 of them failed", "churn: passed");
    }
}
