package io.fairlead.cli.page;

import io.fairlead.lab.net.NetworkNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Makes the pictures of docs/images anew. Not among the tests that run by themselves; start it with
 * {@code ./mvnw -pl cli -am test -Dtest=Screenshots -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("kernel")
class Screenshots {

    private record Picture(String name, String hash, String scheme, int width, int height, String until) {}

    private static final List<Picture> PICTURES = List.of(
            new Picture("services-light", "#/service/checkout/basket", "light", 1280, 720, "conn/s"),
            new Picture("services-dark", "#/service/checkout/basket", "dark", 1280, 720, "conn/s"),
            new Picture("overview-light", "#/services", "light", 1280, 720, "10,000"),
            new Picture(
                    "explain-dark",
                    "#/explain?from=node&to=kube-system%2Fkube-dns%3Adns",
                    "dark",
                    1280,
                    860,
                    "KUBE-SVC"),
            new Picture(
                    "explain-light",
                    "#/explain?from=node&to=kube-system%2Fkube-dns%3Adns",
                    "light",
                    1280,
                    860,
                    "KUBE-SVC"),
            new Picture("history-light", "#/history", "light", 1280, 720, "ms"),
            new Picture("warnings-dark", "#/warnings", "dark", 1280, 500, "firewalld"),
            new Picture("phone-list", "#/services", "light", 360, 740, "10,000"),
            new Picture("phone-service", "#/service/checkout/basket", "dark", 360, 740, "conn/s"),
            new Picture(
                    "phone-explain",
                    "#/explain?from=node&to=kube-system%2Fkube-dns%3Adns",
                    "light",
                    360,
                    740,
                    "KUBE-SVC"),
            new Picture("phone-history", "#/history", "dark", 360, 740, "ms"));

    @Test
    void pictures() throws Exception {
        var folder = Files.createDirectories(Path.of(System.getProperty("fairlead.pictures", "target/pictures")));
        try (var namespace = NetworkNamespace.create("pictures");
                var site = Site.open(namespace, SampleCluster.withCheckout(SampleCluster.of(9_999)));
                var browser = Browser.start(namespace)) {
            for (var picture : PICTURES) {
                try (var tab = browser.open()) {
                    tab.resize(picture.width(), picture.height(), picture.width() < 400 ? 2 : 1);
                    tab.prefer(picture.scheme());
                    tab.navigate(site.address() + picture.hash());
                    tab.awaitText("body", picture.until());
                    tab.awaitText("#pulse", "Synced");
                    Thread.sleep(400);
                    Files.write(folder.resolve(picture.name() + ".png"), tab.picture());
                }
            }
        }
    }
}
