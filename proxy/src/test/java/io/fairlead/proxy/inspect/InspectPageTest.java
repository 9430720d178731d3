package io.fairlead.proxy.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.proxy.http.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a browser is told about the page, before it runs it. */
class InspectPageTest {

    private final Answer page = InspectPage.load();

    @Test
    void itsPolicyAllowsThisScriptAndThisStyleAndNothingElse() throws Exception {
        assertThat(page.headers().get("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src '" + hash("script") + "'; style-src '" + hash("style")
                        + "'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                        + " require-trusted-types-for 'script'; trusted-types 'none'");
    }

    @Test
    void itSaysWhatItIsAndThatNobodyShallFrameOrGuess() {
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers())
                .containsEntry("Content-Type", "text/html; charset=utf-8")
                .containsEntry("X-Content-Type-Options", "nosniff")
                .containsEntry("X-Frame-Options", "DENY")
                .containsEntry("Referrer-Policy", "no-referrer")
                .containsEntry("Cross-Origin-Resource-Policy", "same-origin");
    }

    @Test
    void itIsCompleteInItself() {
        assertThat(page.body()).startsWith("<!doctype html>").doesNotContain("/*style*/", "/*script*/");
        assertThat(page.body().replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http:", "https:", "//cdn", "@import", "url(", " src=", "<link");
    }

    @Test
    void nothingInItMakesMarkupOrCodeOfText() {
        assertThat(page.body())
                .doesNotContain(
                        "innerHTML",
                        "outerHTML",
                        "insertAdjacentHTML",
                        "document.write",
                        "eval(",
                        "new Function",
                        "DOMParser");
    }

    @Test
    void nothingInItAsksForAChange() {
        assertThat(page.body()).doesNotContain("POST", "PUT", "PATCH", "DELETE", "sendBeacon", "XMLHttpRequest");
        assertThat(page.body()).doesNotContain("method:", "method=");
    }

    private String hash(String tag) throws Exception {
        var found = Pattern.compile("<" + tag + ">(.*?)</" + tag + ">", Pattern.DOTALL)
                .matcher(page.body());
        assertThat(found.find()).isTrue();
        var digest = MessageDigest.getInstance("SHA-256").digest(found.group(1).getBytes(StandardCharsets.UTF_8));
        assertThat(found.find()).as("one %s only", tag).isFalse();
        return "sha256-" + Base64.getEncoder().encodeToString(digest);
    }
}
