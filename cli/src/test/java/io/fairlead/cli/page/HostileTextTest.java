package io.fairlead.cli.page;

import static io.fairlead.cli.page.Answers.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.inspect.InspectPage;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Text that would like to be markup, in every place where text can come from; and the page's policy behind it. */
@Tag("kernel")
class HostileTextTest {

    private static final List<String> TEXTS = List.of(
            "<img src=x onerror=\"window.pwned=1\">",
            "\"><script>window.pwned=1</script>",
            "' onmouseover='window.pwned=1' x='",
            "javascript:window.pwned=1",
            "</style><iframe srcdoc=\"<script>parent.pwned=1</script>\">",
            "{{constructor.constructor('window.pwned=1')()}}",
            "<svg/onload=window.pwned=1>",
            "a\u202eb\u0000c\nd");

    private static final String FOREIGN = "document.querySelectorAll('img, iframe, object, embed, link, base, meta[http-equiv],"
            + " [onerror], [onload], [onmouseover], a:not([href^=\"#\"])').length";

    private NetworkNamespace namespace;
    private Site site;
    private Browser browser;
    private Tab tab;

    @BeforeEach
    void open() throws Exception {
        namespace = NetworkNamespace.create("hostile");
        site = Site.open(namespace, hostile());
        browser = Browser.start(namespace);
        tab = browser.open();
        tab.resize(1280, 720, 1);
        tab.beforeEachPage("window.violations = [];"
                + " document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));");
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.close();
        }
        site.close();
        namespace.close();
    }

    /** Every text in every field of every answer. */
    private static Answers hostile() {
        var answers = new Answers();
        for (var text : TEXTS) {
            var port = SampleCluster.port(text, text, text, text, 80, text)
                    .put("internalPolicy", text)
                    .put("externalPolicy", text);
            port.putArray("externalIps").add(text);
            port.putArray("loadBalancerIps").add(text);
            port.putArray("sourceRanges").add(text);
            answers.service(
                    port,
                    SampleCluster.endpoint(text, 1, text, 1).put("reason", text),
                    SampleCluster.endpoint(text, 2, text, 0).put("use", "none").put("reason", text));
            var sync = object("{}").put("id", 1).put("at", 1).put("family", text).put("written", text).put("objectCount", 1);
            sync.putArray("objects").add(text);
            answers.synced(sync);
            answers.synced(object("{\"id\":0,\"at\":0}").put("error", text));
            answers.warning(object("{\"at\":1}")
                    .put("severity", text)
                    .put("kind", text)
                    .put("family", text)
                    .put("object", text)
                    .put("message", text)
                    .put("remedy", text));
        }
        answers.explanation(explanation(TEXTS.getFirst()));
        return answers;
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode explanation(String text) {
        var answer = object("{}").put("from", text).put("to", text).put("service", text);
        answer.putArray("words").add(text);
        answer.putArray("assumptions").add(text);
        var outcome = object("{\"probability\":1}").put("verdict", text).put("to", text).put("text", text);
        answer.putArray("outcomes").add(outcome);
        answer.putArray("candidates")
                .add(SampleCluster.endpoint(text, 1, text, 0).put("use", "none").put("reason", text));
        var step = object("{\"kind\":\"hit\",\"foreign\":true}")
                .put("hook", text)
                .put("table", text)
                .put("chain", text)
                .put("rule", text)
                .put("effect", text);
        var path = answer.putObject("path").put("share", 1);
        path.putArray("steps").add(step).add(step.deepCopy().put("kind", "routed").put("text", text));
        path.putArray("choices")
                .addObject()
                .put("share", 1)
                .put("condition", text)
                .set("outcome", outcome);
        return answer;
    }

    @Test
    void namesAndCommentsAndAddressesAreTextInEveryView() throws Exception {
        tab.navigate(site.address());
        tab.awaitText("#list-note", TEXTS.size() + " Service ports");
        assertThat(tab.text("#rows")).contains(TEXTS.subList(0, TEXTS.size() - 1));
        assertThat(tab.text("#rows")).as("hidden characters are spelled out").contains("a\\u202eb\\u0000c\\u000ad");
        assertThat(tab.text("#detail")).contains(TEXTS.getFirst());
        tab.value("document.querySelector('#rows .row').click()");
        tab.awaitText("#detail", "100 %");
        assertThat(tab.text("#detail")).contains(TEXTS.getFirst());
        show("#/explain?from=a&to=b", "#answer .path");
        show("#/history", "#history");
        show("#/warnings", "#warnings");
        assertThat(tab.text("#warnings")).contains(TEXTS.subList(0, TEXTS.size() - 1));
        assertThat(tab.number(FOREIGN)).isZero();
        assertThat(tab.number("document.scripts.length")).isEqualTo(1);
        assertThat(tab.value("typeof pwned").asText()).isEqualTo("undefined");
        assertThat(tab.value("violations")).as("nothing even tried").isEmpty();
        assertThat(site.requests()).noneMatch(request -> request.endsWith("/x"));
    }

    @Test
    void theAddressBarIsHostileToo() throws Exception {
        for (var text : TEXTS.subList(0, TEXTS.size() - 1)) {
            var escaped = java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8).replace("+", "%20");
            tab.navigate(site.address() + "#/service/none/" + escaped);
            tab.awaitText("#detail h2", text);
            tab.navigate(site.address() + "#/explain?from=" + escaped + "&to=" + escaped);
            tab.await("document.querySelector('#question').to.value === " + Tab.quoted(text));
        }
        assertThat(tab.value("typeof pwned").asText()).isEqualTo("undefined");
        assertThat(tab.number(FOREIGN)).isZero();
    }

    private void show(String hash, String where) throws Exception {
        tab.value("location.hash = " + Tab.quoted(hash));
        tab.awaitText(where, TEXTS.getFirst());
        assertThat(tab.number(FOREIGN)).isZero();
    }

    /** As if the page had a hole: what came through it would find every way shut. */
    @Test
    void thePolicyHoldsEvenIfMarkupGotIn() throws Exception {
        tab.navigate(site.address());
        tab.awaitText("#list-note", "Service ports");
        assertThat(tab.value(
                        """
                        (() => { try { document.body.innerHTML = "<b>x</b>"; return "done"; } catch (e) { return e.name; } })()""")
                        .asText())
                .isEqualTo("TypeError");
        tab.value(
                """
                (() => {
                  const script = document.createElement("script");
                  script.append("window.pwned = 1");
                  document.head.append(script);
                  const image = document.createElement("img");
                  image.src = "/x";
                  image.setAttribute("onerror", "window.pwned = 1");
                  const frame = document.createElement("iframe");
                  frame.src = "/";
                  const style = document.createElement("style");
                  style.append("body { display: none }");
                  document.body.append(image, frame, style);
                })()""");
        tab.value("fetch('http://127.0.0.2:1/').catch(() => 0)");
        tab.await("['script-src-elem', 'img-src', 'frame-src', 'style-src-elem', 'connect-src']"
                + ".every(directive => violations.includes(directive))");
        assertThat(tab.value("typeof pwned").asText()).isEqualTo("undefined");
        assertThat(tab.value("getComputedStyle(document.body).display").asText()).isEqualTo("flex");
        assertThat(site.requests()).doesNotContain("GET /x");
        assertThat(tab.value("fetch('/').then(answer => answer.headers.get('content-security-policy'))").asText())
                .isEqualTo(InspectPage.load().headers().get("Content-Security-Policy"));
    }
}
