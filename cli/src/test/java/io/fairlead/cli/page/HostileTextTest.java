package io.fairlead.cli.page;

import static io.fairlead.cli.page.Answers.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.proxy.inspect.InspectPage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
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

    private static final String FOREIGN =
            "document.querySelectorAll('img, iframe, object, embed, link, base, meta[http-equiv],"
                    + " [onerror], [onload], [onmouseover], a:not([href^=\"#\"])').length";

    private static NetworkNamespace namespace;
    private static Site site;
    private static Browser browser;

    private Tab tab;

    @BeforeAll
    static void start() throws Exception {
        namespace = NetworkNamespace.create("hostile");
        site = Site.open(namespace, hostile());
        browser = Browser.start(namespace);
    }

    @BeforeEach
    void open() throws Exception {
        tab = browser.open();
        tab.resize(1280, 720, 1);
        tab.beforeEachPage(
                "window.violations = [];"
                        + " document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective));");
    }

    @AfterEach
    void close() throws Exception {
        tab.close();
    }

    @AfterAll
    static void stop() throws Exception {
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
            var port = SampleCluster.port(text, text, text, text, 80, text).put("topology", text);
            port.withArray("externalIPs").add(text);
            port.withArray("loadBalancerIPs").add(text);
            port.withArray("sourceRanges").add(text);
            answers.service(
                    port,
                    SampleCluster.endpoint(text, text, false),
                    SampleCluster.idle("2" + text, text).put("ready", true).put("why", text));
            var change = object("{\"serviceCount\":9}")
                    .put("number", text)
                    .put("at", text)
                    .put("family", text);
            change.putArray("services").add(text);
            answers.change(change);
            answers.change(object("{}").put("failure", text));
            answers.finding(object("{}")
                    .put("kind", text)
                    .put("family", text)
                    .put("place", text)
                    .put("service", text)
                    .put("found", text)
                    .put("expected", text + " "));
        }
        answers.explanation(explanation(TEXTS.getFirst()));
        return answers;
    }

    private static com.fasterxml.jackson.databind.node.ObjectNode explanation(String text) {
        var answer = object("{}").put("verdict", text);
        answer.putObject("from").put("address", text);
        answer.putObject("to").put("address", text).put("port", text).put("protocol", text);
        answer.putArray("words").add(text);
        answer.putArray("candidates")
                .addObject()
                .put("address", text)
                .put("node", text)
                .put("probability", text);
        answer.putArray("others")
                .addObject()
                .put("address", text)
                .put("node", text)
                .put("why", text);
        var rules = answer.putObject("rules");
        rules.putArray("assumptions").add(text);
        var outcome = object("{}").put("share", text).put("fate", text).put("text", text);
        rules.putArray("outcomes").add(outcome).add(outcome);
        var way = rules.putObject("way").put("share", text);
        way.putArray("steps")
                .addObject()
                .put("hook", text)
                .put("table", text)
                .put("chain", text)
                .put("rule", text);
        way.putArray("choices")
                .addObject()
                .put("share", text)
                .put("condition", text)
                .set("end", outcome);
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
        assertThat(tab.text("#detail")).contains(TEXTS.get(1)); // the first in the list
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
            var escaped = java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8)
                    .replace("+", "%20");
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
        assertThat(tab.value("""
                        (() => { try { document.body.innerHTML = "<b>x</b>"; return "done"; } catch (e) { return e.name; } })()""").asText()).isEqualTo("TypeError");
        tab.value("""
                (() => {
                  const script = document.createElement("script");
                  script.append("window.pwned = 1");
                  document.head.append(script);
                  const image = document.createElement("img");
                  image.src = "/x";
                  const frame = document.createElement("iframe");
                  frame.src = "/";
                  const style = document.createElement("style");
                  style.append("body { display: none }");
                  document.body.append(image, frame, style);
                })()""");
        tab.value("fetch('http://127.0.0.2:1/').catch(() => 0)");
        tab.await("['img-src', 'frame-src', 'style-src-elem', 'connect-src']"
                + ".every(directive => violations.includes(directive))");
        assertThat(tab.value("typeof pwned").asText()).isEqualTo("undefined");
        assertThat(tab.value("getComputedStyle(document.body).display").asText())
                .isEqualTo("flex");
        assertThat(site.requests()).doesNotContain("GET /x");
        assertThat(tab.value("fetch('/').then(answer => answer.headers.get('content-security-policy'))")
                        .asText())
                .isEqualTo(InspectPage.load().headers().get("Content-Security-Policy"));
    }
}
