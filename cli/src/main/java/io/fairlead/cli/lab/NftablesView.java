package io.fairlead.cli.lab;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** As {@code nft list} prints them: an element that says what becomes of an address, and one for each of its endpoints. */
record NftablesView(Session session) implements RuleView {

    private static final List<String> LIST = List.of("nft", "list", "table", "ip", "kube-proxy");

    @Override
    public String logLine() {
        return "Using nftables Proxier";
    }

    @Override
    public boolean hasService(Session.Place node) throws IOException, InterruptedException {
        return !rules(node, Article.CLUSTER_IP).text().isEmpty();
    }

    @Override
    public boolean routesService(Session.Place node) throws IOException, InterruptedException {
        return rules(node, Article.CLUSTER_IP).text().contains(Article.POD_IP);
    }

    @Override
    public void show(Session.Place node) throws IOException, InterruptedException {
        show(node, Article.CLUSTER_IP);
    }

    private Session.Output rules(Session.Place node, String text) throws IOException, InterruptedException {
        return session.run(node, LIST).grep(text);
    }

    private Session.Output show(Session.Place node, String text) throws IOException, InterruptedException {
        return session.show(node, "sudo " + String.join(" ", LIST) + " | grep " + text, rules(node, text));
    }

    @Override
    public void showService(List<Session.Place> nodes, Verdict verdict) throws IOException, InterruptedException {
        var all = new HashSet<Set<String>>();
        for (var node : nodes) {
            var shown = show(node, Article.CLUSTER_IP);
            all.add(shown.lines().stream().map(NftablesView::element).collect(Collectors.toSet()));
            verdict.check(
                    shown.text().contains(Article.CLUSTER_IP + " . tcp . 3000")
                            && shown.text().contains(Article.POD_IP + " . 80"),
                    "the Service's address, port and endpoint",
                    "not all of them");
        }
        verdict.check(all.size() == 1, "the same on all nodes", "not the same");
    }

    @Override
    public void showDns(Session.Place node, Verdict verdict) throws IOException, InterruptedException {
        var shown = show(node, "10.96.0.10").text();
        boolean all = List.of("10.244.0.5 . 53", "10.244.2.21 . 53", "10.244.0.5 . 9153", "10.244.2.21 . 9153").stream()
                .allMatch(shown::contains);
        verdict.check(all, "three ports of DNS with two endpoints each", "not all of them");
    }

    /** Without what depends on where in the list it stands. */
    private static String element(String line) {
        return line.replace("elements = {", "").replaceAll("[,}]\\s*$", "").strip();
    }
}
