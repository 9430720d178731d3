package io.fairlead.cli.lab;

import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.cluster.LabCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The article's session, step by step. */
final class Replay {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration READING = Duration.ofMillis(1500);
    private static final Duration STEP = Duration.ofMillis(20);
    private static final String URL = Article.CLUSTER_IP + ":3000";

    private final LabCluster cluster;
    private final Session session;
    private final Verdict verdict;
    private final RuleView rules;
    private final Session.Place first;
    private final Duration within;

    /** @param within how soon the rules of a deleted Service must be gone */
    Replay(LabCluster cluster, Session session, Verdict verdict, PlanOptions.Mode mode, Duration within) {
        this.cluster = cluster;
        this.session = session;
        this.verdict = verdict;
        this.within = within;
        this.rules = RuleView.of(mode, session);
        this.first = session.node(Article.NODES.getFirst());
    }

    void run() throws IOException, InterruptedException {
        theCluster();
        thePod();
        theService();
        thePage();
        rules.showService(nodes(), verdict);
        theDeletion();
        theDns();
    }

    private List<Session.Place> nodes() {
        return Article.NODES.stream().map(session::node).toList();
    }

    private void theCluster() throws IOException, InterruptedException {
        compare(
                "get nodes -o wide",
                ArticleTables.NODES,
                "three nodes with the article's names and addresses, all Ready");
        compare(
                "get pods -n kube-system",
                ArticleTables.SYSTEM_PODS,
                "the control plane, two DNS servers, and a proxy per node, all Running");
        String proxy = proxyOf(Article.NODES.getFirst());
        var log = session.kubectl(first, "logs " + proxy + " -n kube-system");
        verdict.check(
                log.text().contains(rules.logLine()),
                "the proxy says its mode in its log",
                "no \"" + rules.logLine() + "\"");
    }

    /** Shows a table, and checks it column for column. */
    private void compare(String arguments, ArticleTables article, String claim)
            throws IOException, InterruptedException {
        var shown = session.kubectl(first, arguments).text();
        verdict.check(article.differences(shown), claim);
    }

    /** Shows a description, and checks it line for line. */
    private void compare(String arguments, List<String> article, String claim)
            throws IOException, InterruptedException {
        var shown = ArticleTables.lines(session.kubectl(first, arguments).text());
        verdict.check(shown.equals(article), claim, shown + ", not " + article);
    }

    private String proxyOf(String node) throws IOException {
        return cluster.store().image().objects(ResourceTypes.PODS).stream()
                .filter(pod -> pod.name().name().startsWith("kube-proxy-")
                        && pod.field(List.of("spec", "nodeName")).equals(node))
                .map(pod -> pod.name().name())
                .findFirst()
                .orElseThrow(() -> new IOException("no proxy on " + node));
    }

    private void thePod() throws IOException, InterruptedException {
        var created = session.kubectl(first, "run nginx --image=nginx");
        verdict.check(created.text().equals("pod/nginx created\n"), "the pod is created", created.text());
        cluster.awaitReady(PATIENCE);
        compare("get pods nginx -o wide", ArticleTables.POD, "it runs on k8s3 with address " + Article.POD_IP);
    }

    private void theService() throws IOException, InterruptedException {
        var exposed = session.kubectl(first, "expose pod nginx --name=my-nginx-svc --port=3000 --target-port=80");
        verdict.check(
                exposed.text().equals("service/my-nginx-svc exposed\n"), "the Service is created", exposed.text());
        compare("get svc", ArticleTables.SERVICES, "its address is " + Article.CLUSTER_IP);
        awaitRules();
    }

    /** The article's author was not as quick as this. */
    private void awaitRules() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (var node : nodes()) {
            while (!rules.routesService(node) && System.nanoTime() < deadline) {
                Thread.sleep(STEP);
            }
        }
    }

    private void thePage() throws IOException, InterruptedException {
        var page = session.show(first, "curl " + URL, WebClient.get(session, first, URL));
        verdict.check(isWelcome(page), "nginx's welcome page through the Service's address", "no such page");
        var elsewhere = new ArrayList<Session.Place>(nodes().subList(1, 3));
        elsewhere.add(session.pod("kube-system", dnsPod()));
        for (var place : elsewhere) {
            var title = WebClient.get(session, place, URL).grep("<title>");
            session.show(place, "curl -s " + URL + " | grep title", title);
            verdict.check(isWelcome(title), "and so from here", title.text());
        }
        compare("get ep", ArticleTables.ENDPOINTS, "the Service's endpoint is the pod");
    }

    private static boolean isWelcome(Session.Output page) {
        return page.text().contains("<title>Welcome to nginx!</title>");
    }

    private String dnsPod() throws IOException {
        return cluster.store().image().objects(ResourceTypes.PODS).stream()
                .map(pod -> pod.name().name())
                .filter(name -> name.startsWith("coredns"))
                .findFirst()
                .orElseThrow(() -> new IOException("no DNS pod"));
    }

    private void theDeletion() throws IOException, InterruptedException {
        // A person would have read the rules by now. The proxy leaves 1 s between two syncs, and a change that follows
        // another within it waits for the rest; what is measured here is a change that does not.
        Thread.sleep(READING);
        var deleted = session.kubectl(first, "delete service my-nginx-svc");
        long begin = System.nanoTime();
        verdict.check(
                deleted.text().startsWith("service \"my-nginx-svc\" deleted"),
                "the Service is deleted",
                deleted.text());
        var waiting = new ArrayList<>(nodes());
        while (!waiting.isEmpty() && System.nanoTime() - begin < PATIENCE.toNanos()) {
            for (var node : List.copyOf(waiting)) {
                if (!rules.hasService(node)) {
                    waiting.remove(node);
                }
            }
        }
        var took = Duration.ofNanos(System.nanoTime() - begin);
        for (var node : nodes()) {
            rules.show(node);
        }
        verdict.check(
                waiting.isEmpty() && took.compareTo(within) <= 0,
                "its rules are gone on all nodes, " + took.toMillis() + " ms later",
                waiting.isEmpty() ? "that took more than " + within.toMillis() + " ms" : "they are still there");
    }

    private void theDns() throws IOException, InterruptedException {
        rules.showDns(first, verdict);
        compare("get ep kube-dns -n kube-system", ArticleTables.DNS_ENDPOINTS, "six endpoints of DNS, three shown");
        compare("describe ep kube-dns -n kube-system", ArticleTables.DESCRIBED_ENDPOINTS, "two addresses, all ready");
        var pods = session.quietKubectl(first, "get pods -n kube-system -o wide");
        session.show(first, "kubectl get pods -n kube-system -o wide | grep coredns", pods.grep("coredns"));
        var header = pods.text().lines().findFirst().orElse("");
        var dns = Stream.concat(Stream.of(header), pods.grep("coredns").lines().stream())
                // Their names are in no order.
                .sorted(Comparator.comparing(line -> line.equals(header) ? 0 : line.contains("k8s1") ? 1 : 2))
                .collect(Collectors.joining("\n"));
        verdict.check(ArticleTables.DNS_PODS.differences(dns), "one on k8s1, one on k8s2");
        compare("get svc -n kube-system", ArticleTables.DNS_SERVICE, "DNS has its usual address and ports");
        compare("describe svc -n kube-system", ArticleTables.DESCRIBED_SERVICE, "each port with its endpoints");
    }
}
