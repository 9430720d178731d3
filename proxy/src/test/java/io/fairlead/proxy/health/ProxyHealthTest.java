package io.fairlead.proxy.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.http.Request;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health is yes once the rules are in the kernel, not before. */
class ProxyHealthTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private long nanos;
    private final ProxyHealth health = new ProxyHealth(InstantSource.system(), () -> nanos, TIMEOUT, false);
    private final HealthPages pages = new HealthPages(health, (_, _) -> {});

    @BeforeEach
    void node() {
        health.node(new Node("n", List.of(), List.of(), Optional.empty(), false));
    }

    @Test
    void beforeItIsKnownWhichFamiliesThereAreNothingIsHealthyAndAllIsAlive() {
        assertThat(healthz()).isEqualTo(503);
        assertThat(livez()).isEqualTo(200);
    }

    @Test
    void everyFamilyMustHaveBeenWritten() {
        health.expect(Set.of(IpFamily.IPV4, IpFamily.IPV6));
        health.updated(IpFamily.IPV4);
        assertThat(healthz()).isEqualTo(503);
        assertThat(health.healthy()).isFalse();
        health.updated(IpFamily.IPV6);
        assertThat(healthz()).isEqualTo(200);
        assertThat(health.healthy()).isTrue();
    }

    /** A first sync that cannot succeed is late like any other. */
    @Test
    void whatWasAskedForAndDidNotComeInTimeIsNotAliveEither() {
        health.expect(Set.of(IpFamily.IPV4));
        health.queued(IpFamily.IPV4);
        nanos = TIMEOUT.toNanos() - 1;
        assertThat(livez()).isEqualTo(200);
        nanos++;
        assertThat(livez()).isEqualTo(503);
    }

    private int healthz() {
        return pages.answer(Request.get("/healthz")).status();
    }

    private int livez() {
        return pages.answer(Request.get("/livez")).status();
    }
}
