package io.fairlead.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.lab.net.NetworkNamespace;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in Chromium, in front of 10,000 Service ports. */
@Tag("kernel")
class PageTest {

    private static final int SERVICES = 10_000;
    private static final String EXPLAIN = "#/explain?from=node&to=kube-system%2Fkube-dns%3Adns";

    /** Counts the elements that are added from now on, and the frames that are drawn. */
    private static final String COUNTERS = """
            window.added = 0;
            window.frames = 0;
            new MutationObserver(changes => changes.forEach(change =>
              window.added += [...change.addedNodes].filter(node => node.nodeType === 1).length))
              .observe(document, {childList: true, subtree: true});
            (function frame() { window.frames++; requestAnimationFrame(frame); })();
            """;

    private static NetworkNamespace namespace;
    private static Browser browser;
    private static Answers answers;
    private static Site site;

    private Tab tab;

    @BeforeAll
    static void start() throws Exception {
        namespace = NetworkNamespace.create("page");
        answers = SampleCluster.of(SERVICES);
        site = Site.open(namespace, answers);
        browser = Browser.start(namespace);
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        site.close();
        namespace.close();
    }

    @BeforeEach
    void open() throws Exception {
        tab = browser.open();
        tab.resize(1280, 720, 1);
    }

    @AfterEach
    void close() throws Exception {
        tab.close();
    }

    private void show(String hash) throws IOException, InterruptedException {
        tab.navigate(site.address() + hash);
        tab.awaitText("#pulse", "Synced");
    }

    private void showList() throws IOException, InterruptedException {
        show("#/services");
        tab.awaitText("#list-note", "10,000 Service ports");
    }

    @Test
    void tenThousandServicesAreAsManyElementsAsFitOnTheScreen() throws Exception {
        tab.beforeEachPage(COUNTERS);
        showList();
        assertThat(tab.number("frames"))
                .as("frames drawn while five pages were read")
                .isGreaterThan(4);
        assertThat(tab.number("document.querySelectorAll('*').length")).isBetween(100, 500);
        int before = tab.number("added");
        tab.value("""
                (async () => {
                  const list = document.getElementById("list");
                  for (let at = 0; at <= 60; at++) {
                    list.scrollTop = list.scrollHeight * at / 60;
                    await new Promise(requestAnimationFrame);
                    await new Promise(requestAnimationFrame);
                  }
                })()""");
        tab.await(
                "[...document.querySelectorAll('#rows .row')].some(row => row.getAttribute('aria-posinset') === '10000')");
        assertThat(tab.text("#rows")).contains("search/web-9998");
        assertThat(tab.number("added") - before)
                .as("elements made by scrolling")
                .isLessThan(50);
    }

    @Test
    void scrollingDrawsWhatHasComeIntoSightAndNothingTwice() throws Exception {
        showList();
        tab.value("document.getElementById('list').scrollTop = 30 * 5000");
        tab.await("document.querySelector('[aria-posinset=\"5001\"]')");
        var seen = tab.value("""
                [...document.querySelectorAll('#rows .row')].map(row => Number(row.getAttribute('aria-posinset')))
                  .sort((a, b) => a - b)""");
        for (int i = 1; i < seen.size(); i++) {
            assertThat(seen.get(i).asInt()).isEqualTo(seen.get(i - 1).asInt() + 1);
        }
        assertThat(tab.value("""
                        (() => {
                          const list = document.getElementById('list').getBoundingClientRect();
                          const row = document.elementFromPoint(list.left + 40, list.top + 15).closest('.row');
                          return row.getAttribute('aria-posinset');
                        })()""").asText()).isEqualTo("5001");
    }

    @Test
    void searchFindsNamesAddressesAndPorts() throws Exception {
        showList();
        tab.press("/");
        tab.await("document.activeElement.id === 'search'");
        tab.type("checkout basket");
        tab.awaitText("#list-note", "1 of 10,000");
        tab.value("document.getElementById('search').select()");
        tab.type("203.0.113.40");
        tab.awaitText("#list-note", "1 of 10,000");
        assertThat(tab.text("#rows")).contains("basket");
        tab.value("document.getElementById('search').select()");
        tab.type("no such thing");
        tab.awaitText("#list-note", "0 of 10,000");
        assertThat(tab.number("document.querySelectorAll('#rows .row').length")).isZero();
    }

    @Test
    void everythingInTheListIsReachedByKeyboard() throws Exception {
        showList();
        tab.press("/");
        tab.type("kube-system/kube-dns");
        tab.awaitText("#list-note", "2 of 10,000");
        tab.press("ArrowDown");
        tab.await("document.activeElement.id === 'list'");
        assertThat(active()).contains("kube-dns:dns,");
        assertThat(tab.value("getComputedStyle(document.activeElement).outlineStyle")
                        .asText())
                .isEqualTo("solid");
        tab.press("ArrowDown");
        assertThat(active()).contains("kube-dns:dns-tcp");
        tab.press("Enter");
        tab.awaitText("#detail", "10.244.2.21:53");
        assertThat(tab.value("location.hash").asText()).isEqualTo("#/service/kube-system/kube-dns");
        tab.press("Escape");
        tab.awaitText("#detail", "Namespaces");
        tab.press("/");
        tab.value("document.getElementById('search').select()");
        tab.type(" ");
        tab.awaitText("#list-note", "10,000 Service ports");
        tab.press("Escape", "End");
        tab.await("document.getElementById('list').getAttribute('aria-activedescendant') === 'option-9999'");
        tab.press("Home", "PageDown");
        assertThat(tab.number("Number(document.querySelector('[aria-selected=true]').getAttribute('aria-posinset'))"))
                .isBetween(10, 40);
    }

    private String active() throws IOException, InterruptedException {
        return tab.value(
                        "document.getElementById(document.getElementById('list').getAttribute('aria-activedescendant'))"
                                + "?.getAttribute('aria-label') ?? ''")
                .asText();
    }

    @Test
    void listsCanBeSortedAndNarrowedToThoseInTrouble() throws Exception {
        showList();
        tab.value("document.querySelector('#columns .endpoints').click()");
        assertThat(tab.text("[aria-posinset='1'] .endpoints")).isIn("9", "8 of 9");
        tab.value("document.querySelector('#filters .none').click()");
        tab.awaitText("#list-note", " of 10,000");
        assertThat(tab.text("[aria-posinset='1'] .endpoints")).startsWith("0");
        assertThat(tab.value("document.querySelector('#filters .none').getAttribute('aria-pressed')")
                        .asText())
                .isEqualTo("true");
    }

    @Test
    void aServiceIsDrawnWithItsEndpointsTheirSharesAndTheReasonsOfTheOthers() throws Exception {
        show("#/service/checkout/basket");
        tab.awaitText("#detail", "10.244.2.30:8080");
        assertThat(tab.text("#detail"))
                .contains(
                        "203.0.113.40:80", "31080", "external Local", "client IP for 3 h", "25 %", "100 %", "not ready")
                .contains("[fd00:10:96::2907]:80", "terminating, still serving");
        assertThat(tab.number("document.querySelectorAll('.map svg path').length"))
                .as("a trunk and a line to each of the five that are used")
                .isEqualTo(6);
        tab.awaitText("#detail", "conn/s");
    }

    @Test
    void aServiceThatIsNotThereIsSaidToBeMissing() throws Exception {
        show("#/service/a%2Fb/%3Cb%3E");
        tab.awaitText("#detail h2", "a/b/<b>");
        tab.awaitText("#detail", "No Service of this name");
    }

    @Test
    void theExplainFormDrawsThePathThroughHooksAndChains() throws Exception {
        show("#/explain");
        tab.await("document.activeElement.name === 'to'");
        tab.type("kube-system/kube-dns:dns");
        tab.press("Enter");
        tab.awaitText("#answer", "KUBE-SVC-TCOU7JCQXEZGVUNU");
        assertThat(tab.value("location.hash").asText()).isEqualTo(EXPLAIN);
        assertThat(tab.text("#answer .words")).contains("2 of 3 endpoints are candidates");
        assertThat(texts("#answer .outcomes"))
                .containsExactly(
                        "50 % 10.244.0.5:53 on k8s1, masqueraded 50 % 10.244.2.21:53 on k8s2, masqueraded",
                        "– 10.244.3.7:53 on k8s3: not ready",
                        "50 % DNAT to 10.244.0.5:53, masqueraded 50 % DNAT to 10.244.2.21:53, masqueraded");
        assertThat(texts(".path .hook")).containsExactly("OUTPUT nat", "POSTROUTING nat", "POSTROUTING nat");
        assertThat(tab.number("document.querySelectorAll('.path .fork > li').length"))
                .isEqualTo(2);
        assertThat(texts(".path > .branch > .step .chain"))
                .containsExactly("OUTPUT", "KUBE-SERVICES", "KUBE-SVC-TCOU7JCQXEZGVUNU", "KUBE-MARK-MASQ");
        assertThat(texts(".path .outcome"))
                .containsExactly(
                        "DNAT to 10.244.0.5:53, masqueraded 50 % of packets",
                        "DNAT to 10.244.2.21:53, masqueraded 50 % of packets");
    }

    private List<String> texts(String selector) throws IOException, InterruptedException {
        var found = tab.value("[...document.querySelectorAll(" + Tab.quoted(selector)
                + ")].map(each => each.innerText.replace(/\\s+/g, ' ').trim())");
        return java.util.stream.StreamSupport.stream(found.spliterator(), false)
                .map(text -> text.asText())
                .toList();
    }

    @Test
    void historyAndWarningsAreShown() throws Exception {
        show("#/history");
        tab.awaitText("#history", "3.61 s");
        assertThat(tab.text("#history")).contains("another program holds the lock", "checkout/basket", "61,204 rules");
        assertThat(tab.number("document.querySelectorAll('.chart rect').length"))
                .isEqualTo(120);
        tab.value("location.hash = '#/warnings'");
        tab.awaitText("#warnings", "differed from what had been written to it in 2 places");
        assertThat(texts("#warnings .kind")).containsExactly("missing", "foreign");
        assertThat(tab.text("#warnings")).contains("-A KUBE-POSTROUTING -s 10.244.0.0/16 -j ACCEPT", "31080");
        assertThat(tab.text("nav")).contains("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#/services", "#/service/checkout/basket", "#/explain", EXPLAIN, "#/history", "#/warnings"})
    void nothingScrollsSidewaysOnAPhone(String hash) throws Exception {
        tab.resize(360, 740, 2);
        show(hash);
        tab.await("document.querySelector('.view:not([hidden])').innerText.length > 60");
        if (hash.equals("#/services")) {
            tab.awaitText("#list-note", "10,000 Service ports");
        }
        var wide = tab.value("""
                [document.documentElement, ...document.querySelectorAll('body, main, .view, #list, #detail, #answer, nav, header')]
                  .filter(box => box.scrollWidth > Math.max(box.clientWidth, 1) && box.getClientRects().length > 0)
                  .map(box => (box.id || box.tagName) + ' ' + box.scrollWidth + ' > ' + box.clientWidth)""");
        assertThat(wide).isEmpty();
        assertThat(tab.number("document.documentElement.scrollWidth")).isEqualTo(360);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void textStandsOutFromItsGroundInBothSchemes(String scheme) throws Exception {
        tab.prefer(scheme);
        show("#/services");
        boolean dark = scheme.equals("dark");
        assertThat(luminance("--ground") < 0.2).isEqualTo(dark);
        // WCAG 2.2, 1.4.3: 4.5 to 1 for text.
        for (var text : List.of("--text", "--quiet", "--link", "--bad", "--fair")) {
            for (var ground : List.of("--ground", "--raised", "--chosen")) {
                double one = luminance(text) + 0.05;
                double other = luminance(ground) + 0.05;
                assertThat(Math.max(one, other) / Math.min(one, other))
                        .as(scheme + ": " + text + " on " + ground)
                        .isGreaterThan(4.5);
            }
        }
    }

    /** WCAG 2.2, relative luminance: 0 black, 1 white. */
    private double luminance(String variable) throws IOException, InterruptedException {
        var hex = tab.value("getComputedStyle(document.documentElement).getPropertyValue('" + variable + "').trim()")
                .asText();
        double sum = 0;
        double[] weights = {0.2126, 0.7152, 0.0722};
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(hex.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }

    @Test
    void itOnlyReads() throws Exception {
        showList();
        assertThat(site.requests()).allMatch(request -> request.startsWith("GET /"));
    }

    @Test
    void whatWasKnownStaysWhenTheServerIsGone() throws Exception {
        var mine = SampleCluster.of(50);
        try (var shortLived = Site.open(namespace, mine)) {
            tab.navigate(shortLived.address());
            tab.awaitText("#list-note", "50 Service ports");
            mine.fail();
            tab.awaitText("#pulse", "No answer since");
        }
        assertThat(tab.text("#rows")).contains("kube-system/kube-dns:dns");
    }
}
