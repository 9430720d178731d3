package io.fairlead.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Request;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let through. */
class ReadOnlyPagesTest {

    private final ReadOnlyPages pages = new ReadOnlyPages(request -> Answer.text(200, request.path()));

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void readingIsAllowed(String method) {
        assertThat(ask(method, "localhost").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "CONNECT", "X"})
    void anythingElseIsNot(String method) {
        assertThat(ask(method, "localhost").status()).isEqualTo(405);
        assertThat(ask(method, "localhost").headers()).containsEntry("Allow", "GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:10247",
                "LOCALHOST:1",
                "127.0.0.1:10247",
                "10.0.0.7",
                "[::1]:10247",
                "[::1]",
                ""
            })
    void addressesAndLocalhostAreOurs(String host) {
        assertThat(ask("GET", host).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rebound.example:10247",
                "localhost.example",
                "127.0.0.1.example",
                "k8s1",
                "[::1].example",
                "localhost,rebound.example",
                "user@127.0.0.1",
                "[rebound]:1"
            })
    void namesThatSomebodyElseCanTurnAreRefused(String host) {
        assertThat(ask("GET", host).status()).isEqualTo(421);
    }

    @Test
    void thePathIsHandedOn() {
        assertThat(ask("GET", "localhost").body()).isEqualTo("/state");
    }

    private Answer ask(String method, String host) {
        return pages.answer(new Request(method, "/state", "", Map.of("host", host), ""));
    }
}
