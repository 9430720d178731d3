package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.trace.Trace;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.ServiceRouting;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a connection goes, and why.
 *
 * @param claims the Service ports that the address belongs to; the first counts
 * @param decision what the routing says; empty when no Service claims the address
 * @param trace what the rules say; empty where there is no evaluator for them
 */
public record Explanation(
        NodeView view,
        Sender sender,
        Packeteer from,
        Destination.Socket to,
        List<Claim> claims,
        Optional<Decision> decision,
        Optional<Trace> trace)
        implements Report {

    public Explanation {
        claims = List.copyOf(claims);
    }

    private Optional<ServiceRouting> port() {
        return claims.stream().findFirst().map(Claim::port);
    }

    /** An endpoint gets the connection. */
    @Override
    public boolean isClean() {
        return decision.filter(it -> it.fate() == Decision.Fate.BALANCED).isPresent();
    }

    /** The sentences, without the rules. */
    List<String> words() {
        var words = new ArrayList<String>();
        if (claims.isEmpty()) {
            words.add(unclaimed());
            nodePortHint().ifPresent(words::add);
            return words;
        }
        var it = decision.orElseThrow();
        words.add(sentence(it.policy()));
        switch (it.fate()) {
            case BALANCED -> balanced(it, words);
            case REJECTED ->
                words.add("It has no endpoints at all that could answer, so the connection is refused at once.");
            case DROPPED ->
                words.add(
                        "There are endpoints, but none of them on this node, so the packet is dropped: the client waits"
                                + " in vain.");
            case FILTERED -> words.add("The packet is dropped: the client waits in vain.");
            case IGNORED -> words.add("The packet leaves this machine as it is.");
        }
        if (claims.size() > 1) {
            words.add("Other Services claim the same address and port: "
                    + String.join(
                            ", ",
                            claims.subList(1, claims.size()).stream()
                                    .map(claim ->
                                            Printable.of(claim.port().name().toString()))
                                    .toList())
                    + "; the one whose rules come first gets the traffic.");
        }
        return words;
    }

    /** Nftables mode guards the addresses that are Services' only, or could become one's. */
    private String unclaimed() {
        if (view.mode() == ProxyMode.NFTABLES) {
            var holder = view.holderOf(to.address());
            if (holder.isPresent()) {
                return "The address is the cluster IP of Service "
                        + Printable.of(holder.get().name().service().toString())
                        + ", which has no such port: the connection is refused.";
            }
            if (view.table().serviceCidrs().stream().anyMatch(cidr -> cidr.contains(to.address()))) {
                return "No Service has this address, which is kept for cluster IPs: the packet is dropped, the client waits"
                        + " in vain.";
            }
        }
        return "No Service has this address and port: the packet is not touched.";
    }

    private void balanced(Decision it, List<String> words) {
        var port = port().orElseThrow();
        Exclusion.preference(port.endpoints(), it.local()).ifPresent(reason -> words.add(sentence(reason)));
        int all = port.endpoints().all().size();
        words.add(it.candidates().size() + " of " + all + (all == 1 ? " endpoint" : " endpoints")
                + " can get the connection" + (it.candidates().size() > 1 ? ", each as likely as the others." : "."));
        if (port.affinitySeconds() > 0) {
            words.add("Session affinity: a client stays with its endpoint until it has been silent for "
                    + port.affinitySeconds() + " s.");
        }
        words.add((it.masquerade() ? "The source address becomes this node's: " : "The source address stays: ")
                + it.source() + ".");
        if (!it.masquerade() && it.candidates().stream().anyMatch(this::isHairpin)) {
            words.add("Except when it is sent back to " + from.source() + " itself: then it becomes this node's.");
        }
    }

    /** A node port's number on an address where node ports do not answer is a common riddle. */
    private Optional<String> nodePortHint() {
        return view.table().services().values().stream()
                .flatMap(List::stream)
                .filter(port -> port.nodePort() == to.port() && port.name().protocol() == to.protocol())
                .findFirst()
                .map(port -> "Port " + to.port() + " is a node port of Service "
                        + Printable.of(port.name().toString()) + ", but node ports answer on " + view.nodePortPlaces()
                        + ".");
    }

    /** Nftables mode looks only at endpoints of this node: the packets of others do not come through here. */
    private boolean isHairpin(RoutedEndpoint endpoint) {
        return endpoint.address().equals(from.source()) && (endpoint.local() || view.mode() == ProxyMode.IPTABLES);
    }

    /** Whether a candidate sees this node's address in place of the sender's. */
    boolean masquerades(RoutedEndpoint candidate) {
        return decision.filter(Decision::masquerade).isPresent() || isHairpin(candidate);
    }

    private static String sentence(String words) {
        boolean fieldName = words.startsWith("internal") || words.startsWith("external") || words.startsWith("load");
        return (fieldName ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1)) + ".";
    }

    private List<Exclusion> others() {
        if (decision.filter(it -> it.fate() != Decision.Fate.FILTERED).isEmpty()) {
            return List.of();
        }
        var it = decision.get();
        var selection = port().orElseThrow().endpoints();
        return selection.all().stream()
                .filter(endpoint -> !it.candidates().contains(endpoint))
                .map(endpoint -> Exclusion.of(endpoint, selection, it.local(), view))
                .toList();
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        text.append(from.source()).append(" (").append(from.words()).append(") → ");
        claims.stream()
                .findFirst()
                .ifPresent(claim -> text.append(Printable.of(claim.port().name().toString()))
                        .append(", ")
                        .append(claim.frontend().words())
                        .append(' '));
        text.append(to).append("\n\n");
        words().forEach(sentence -> text.append(sentence).append('\n'));
        decision.ifPresent(it -> {
            for (var endpoint : it.candidates()) {
                line(text, share(it), endpoint, isHairpin(endpoint) ? "itself" : "");
            }
        });
        others().forEach(other -> line(text, "—", other.endpoint(), other.reason()));
        trace.ifPresent(it -> new TraceText(it).write(text));
        return text.toString();
    }

    private static String share(Decision decision) {
        return decision.candidates().size() == 1
                ? "1"
                : "1/" + decision.candidates().size();
    }

    private static void line(StringBuilder text, String share, RoutedEndpoint endpoint, String remark) {
        text.append("  %-5s %s".formatted(share, endpoint.text()));
        endpoint.endpoint().nodeName().ifPresent(node -> text.append(" on ").append(Printable.of(node)));
        text.append(remark.isEmpty() ? "" : ": " + Printable.of(remark)).append('\n');
    }

    @Override
    public Map<String, ?> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put(
                "from",
                Map.of("asked", sender.toString(), "address", from.source().toString(), "is", from.words()));
        json.put("to", destination());
        json.put("node", view.nodeName());
        json.put("verdict", verdict());
        json.put("words", words());
        decision.ifPresent(it -> {
            json.put("policy", it.policy());
            json.put(
                    "candidates",
                    it.candidates().stream()
                            .map(endpoint -> candidate(endpoint, it))
                            .toList());
            json.put("others", others().stream().map(Explanation::excluded).toList());
            json.put("masquerade", Map.of("applies", it.masquerade(), "why", it.source()));
            json.put(
                    "affinitySeconds",
                    port().map(ServiceRouting::affinitySeconds).orElse(0));
        });
        trace.ifPresent(it -> json.put("rules", new TraceText(it).json()));
        return json;
    }

    private Map<String, Object> destination() {
        var json = new LinkedHashMap<String, Object>();
        json.put("address", to.address().toString());
        json.put("port", to.port());
        json.put("protocol", to.protocol().text());
        claims.stream().findFirst().ifPresent(claim -> {
            json.put("service", claim.port().name().service().toString());
            json.put("servicePort", claim.port().name().port());
            json.put("frontend", claim.frontend().key());
        });
        json.put(
                "alsoClaimedBy",
                claims.stream()
                        .skip(1)
                        .map(claim -> claim.port().name().toString())
                        .toList());
        return json;
    }

    private String verdict() {
        return decision.map(it -> switch (it.fate()) {
                    case BALANCED -> "balanced";
                    case REJECTED -> "rejected";
                    case DROPPED, FILTERED -> "dropped";
                    case IGNORED -> "ignored";
                })
                .orElse("no-service");
    }

    private Map<String, Object> candidate(RoutedEndpoint endpoint, Decision it) {
        var json = endpoint(endpoint);
        json.put("share", share(it));
        json.put(
                "probability",
                BigDecimal.ONE.divide(BigDecimal.valueOf(it.candidates().size()), MathContext.DECIMAL32));
        json.put("masqueraded", masquerades(endpoint));
        return json;
    }

    private static Map<String, Object> excluded(Exclusion other) {
        var json = endpoint(other.endpoint());
        json.put("why", other.reason());
        return json;
    }

    private static Map<String, Object> endpoint(RoutedEndpoint endpoint) {
        var json = new LinkedHashMap<String, Object>();
        json.put("address", endpoint.text());
        json.put("node", endpoint.endpoint().nodeName().orElse(""));
        json.put("local", endpoint.local());
        return json;
    }
}
