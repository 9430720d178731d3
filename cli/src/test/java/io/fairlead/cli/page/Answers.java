package io.fairlead.cli.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SequencedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/** What the inspection port says, in its shapes (docs/inspect.md), about clusters that a test makes up. */
final class Answers implements Pages {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST = 500;

    private final List<ObjectNode> ports = new ArrayList<>();
    private final ArrayNode changes = JSON.createArrayNode();
    private final ArrayNode findings = JSON.createArrayNode();
    private final AtomicInteger looks = new AtomicInteger();
    private ObjectNode explanation = JSON.createObjectNode();
    private volatile boolean broken;

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** A Service port of one family, with its endpoints. */
    Answers service(ObjectNode port, ObjectNode... endpoints) {
        port.putArray("endpoints").addAll(List.of(endpoints));
        ports.add(port);
        return this;
    }

    Answers explanation(ObjectNode answer) {
        explanation = answer;
        return this;
    }

    Answers change(ObjectNode change) {
        changes.add(change);
        return this;
    }

    Answers finding(ObjectNode finding) {
        findings.add(finding);
        return this;
    }

    /** From now on every question is answered with an error. */
    void fail() {
        broken = true;
    }

    @Override
    public Answer answer(Request request) {
        if (broken) {
            return Answer.text(500, "out of order\n");
        }
        return switch (request.path()) {
            case "/v1/state" -> json(state());
            case "/v1/services" -> json(services(request));
            case "/v1/explain" -> explanation.isEmpty() ? Answer.text(400, "to: no such Service\n") : json(explanation);
            case "/v1/history" -> json(JSON.createObjectNode().set("changes", changes));
            case "/v1/audit" -> json(audit());
            default -> Answer.NOT_FOUND;
        };
    }

    private static ObjectNode state() {
        var now = Instant.now();
        var state = object("""
                {"version":"0.1.0","mode":"iptables","node":"k8s1","zone":"a","families":[
                 {"family":"IPv4","synced":true,"pending":false,"pendingSince":"","failures":0,"lastFailure":""}]}""");
        ((ObjectNode) state.at("/families/0"))
                .put("lastSync", now.minusSeconds(4).toString());
        return state.put("now", now.toString()).put("changes", 120);
    }

    private ObjectNode audit() {
        var audit = object("""
                {"leftovers":[],"exposed":[{"service":"checkout/basket:http","what":"node port","where":"10.210.40.172",
                 "port":31080,"protocol":"TCP","limits":""}]}""");
        audit.put("total", findings.size()).set("findings", findings);
        return audit;
    }

    private ObjectNode services(Request request) {
        var name = request.parameter("name");
        if (!name.isEmpty()) {
            var seen = ports.stream()
                    .filter(port -> nameOf(port).equals(name.getFirst()))
                    .map(this::withMoreTraffic)
                    .toList();
            return JSON.createObjectNode()
                    .set("servicePorts", JSON.createArrayNode().addAll(seen));
        }
        int limit = Math.min(MOST, Integer.parseInt(request.parameter("limit").getFirst()));
        SequencedSet<String> names =
                new TreeSet<>(ports.stream().map(Answers::nameOf).toList());
        var after = request.parameter("after").stream().findFirst().orElse("");
        var page = names.stream()
                .filter(each -> each.compareTo(after) > 0)
                .limit(limit)
                .toList();
        var last = page.isEmpty() ? "" : page.getLast();
        var found = ports.stream()
                .filter(port ->
                        nameOf(port).compareTo(after) > 0 && nameOf(port).compareTo(last) <= 0)
                .sorted(Comparator.comparing(Answers::nameOf))
                .map(Answers::counted)
                .toList();
        var answer = JSON.createObjectNode()
                .put("total", names.size())
                .put("next", last.equals(names.getLast()) ? "" : last);
        return answer.set("servicePorts", JSON.createArrayNode().addAll(found));
    }

    private static String nameOf(ObjectNode port) {
        return port.get("namespace").asText() + "/" + port.get("name").asText();
    }

    private static ObjectNode counted(ObjectNode port) {
        var row = port.deepCopy();
        int ready = 0;
        int used = 0;
        for (var endpoint : row.remove("endpoints")) {
            ready += endpoint.path("ready").asBoolean() ? 1 : 0;
            used += endpoint.path("usedByCluster").asBoolean()
                            || endpoint.path("usedByLocal").asBoolean()
                    ? 1
                    : 0;
        }
        row.putObject("endpointCounts")
                .put("all", port.get("endpoints").size())
                .put("ready", ready)
                .put("used", used);
        return row;
    }

    /** Each look at a Service finds more. */
    private ObjectNode withMoreTraffic(ObjectNode port) {
        var seen = port.deepCopy();
        int times = looks.incrementAndGet();
        for (var endpoint : seen.get("endpoints")) {
            if (endpoint.path("traffic") instanceof ObjectNode traffic) {
                traffic.put("connections", traffic.get("connections").asLong() + times * 31L);
                traffic.put("bytes", traffic.get("bytes").asLong() + times * 52_000L);
            }
        }
        return seen;
    }

    private static Answer json(Object body) {
        return Answer.of(200, Answer.JSON, body.toString());
    }
}
