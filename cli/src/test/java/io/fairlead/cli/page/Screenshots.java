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

    private static final String DNS = "#/explain?from=node&to=kube-system%2Fkube-dns%3Adns";
    private static final List<Picture> PICTURES = List.of(
            new Picture("page-services", "#/service/checkout/basket", "light", 1280, 620, "conn/s"),
            new Picture("page-explain", DNS, "dark", 1180, 800, "KUBE-SVC"),
            new Picture("page-phone", "#/service/checkout/basket", "dark", 360, 600, "conn/s"));

    @Test
    void pictures() throws Exception {
        var folder = Files.createDirectories(Path.of(System.getProperty("fairlead.pictures", "target/pictures")));
        try (var namespace = NetworkNamespace.create("pictures");
                var site = Site.open(namespace, SampleCluster.of(10_000));
                var browser = Browser.start(namespace)) {
            for (var picture : PICTURES) {
                try (var tab = browser.open()) {
                    tab.resize(picture.width(), picture.height(), picture.width() < 400 ? 2 : 1);
                    tab.prefer(picture.scheme());
                    tab.navigate(site.address() + picture.hash());
                    tab.awaitText("body", picture.until());
                    tab.await("document.getElementById('list-note').textContent.startsWith('10,000')");
                    Thread.sleep(400);
                    Files.write(folder.resolve(picture.name() + ".png"), tab.picture());
                }
            }
        }
    }
}
