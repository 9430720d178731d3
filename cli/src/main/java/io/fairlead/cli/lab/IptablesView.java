package io.fairlead.cli.lab;

import java.io.IOException;
import java.util.List;

/** As {@code iptables-save} prints them. */
record IptablesView(Session session) implements RuleView {

    private static final String SERVICE = "nginx";

    @Override
    public String logLine() {
        return "Using iptables Proxier";
    }

    private Session.Output rules(Session.Place node, String text) throws IOException, InterruptedException {
        return session.run(node, List.of("iptables-save")).grep(text);
    }

    @Override
    public boolean hasService(Session.Place node) throws IOException, InterruptedException {
        return !rules(node, SERVICE).text().isEmpty();
    }

    @Override
    public boolean routesService(Session.Place node) throws IOException, InterruptedException {
        return rules(node, SERVICE).text().contains(Article.POD_IP);
    }

    @Override
    public void show(Session.Place node) throws IOException, InterruptedException {
        show(node, SERVICE);
    }

    private Session.Output show(Session.Place node, String text) throws IOException, InterruptedException {
        return session.show(node, "sudo iptables-save | grep " + text, rules(node, text));
    }

    @Override
    public void showService(List<Session.Place> nodes, Verdict verdict) throws IOException, InterruptedException {
        var expected = Article.normalized(Article.serviceRules());
        for (var node : nodes) {
            var shown = Article.normalized(show(node, SERVICE).lines());
            verdict.check(
                    shown.equals(expected),
                    "the five rules, in chains " + Article.SERVICE_CHAIN + " and " + Article.ENDPOINT_CHAIN,
                    "expected " + String.join("\n", expected));
        }
    }

    @Override
    public void showDns(Session.Place node, Verdict verdict) throws IOException, InterruptedException {
        var expected = Article.normalized(Article.dnsRules());
        var shown = Article.normalized(show(node, "kube-dns").lines());
        verdict.check(
                shown.equals(expected),
                "the " + expected.size() + " rules of DNS",
                "expected " + String.join("\n", expected));
    }
}
