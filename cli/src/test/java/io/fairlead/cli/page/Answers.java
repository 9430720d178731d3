package io.fairlead.cli.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What an inspection server says, in the shapes of the real one (docs/inspect.md), for clusters that a test makes up. */
final class Answers implements Pages {

    static final ObjectMapper JSON = new ObjectMapper();

    /** 2026-03-02, 09:30:00 UTC. */
    static final long NOON = 1_772_443_800_000L;

    private final ObjectNode state;
    private final List<ObjectNode> services = new ArrayList<>();
    private final ArrayNode history = JSON.createArrayNode();
    private final ArrayNode warnings = JSON.createArrayNode();
    private final AtomicInteger details = new AtomicInteger();
    private ObjectNode explanation = JSON.createObjectNode();
    private volatile boolean broken;

    Answers() {
        state = object("""
                {"version":"0.1.0","node":"k8s1","zone":"a","mode":"iptables","backend":"nf_tables","source":"api",
                 "healthy":true,"revision":7,"counters":"on","families":[{"family":"IPv4","services":0,"endpoints":0,"pending":0}]}""");
    }

    static ObjectNode object(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** One Service port as in the list, with endpoints as in its own answer. */
    Answers service(ObjectNode port, ObjectNode... endpoints) {
        var list = JSON.createArrayNode();
        int ready = 0;
        int usable = 0;
        for (var endpoint : endpoints) {
            list.add(endpoint);
            ready += endpoint.path("ready").asBoolean() ? 1 : 0;
            usable += endpoint.path("use").asText().equals("none") ? 0 : 1;
        }
        port.put("endpoints", endpoints.length).put("ready", ready).put("usable", usable);
        port.set("endpointList", list);
        services.add(port);
        return this;
    }

    Answers explanation(ObjectNode answer) {
        explanation = answer;
        return this;
    }

    Answers synced(ObjectNode item) {
        history.add(item);
        return this;
    }

    Answers warning(ObjectNode item) {
        warnings.add(item);
        state.put("warnings", warnings.size());
        return this;
    }

    /** From now on every question for data is answered with an error. */
    void fail() {
        broken = true;
    }

    @Override
    public Answer answer(Request request) {
        var path = request.path();
        if (broken) {
            return json(500, object("{\"error\":\"out of order\"}"));
        }
        if (path.startsWith("/services/")) {
            return detail(path);
        }
        return switch (path) {
            case "/state" -> json(200, now());
            case "/services" -> json(200, list(request));
            case "/explain" -> explain(request);
            case "/history" -> json(200, JSON.createObjectNode().set("items", history));
            case "/warnings" ->
                json(200, JSON.createObjectNode().put("checkedAt", NOON).set("items", warnings));
            default -> Answer.NOT_FOUND;
        };
    }

    private ObjectNode now() {
        long now = System.currentTimeMillis();
        var answer = state.deepCopy().put("now", now);
        ((ObjectNode) answer.at("/families/0"))
                .put("services", services.size())
                .set("lastSync", JSON.createObjectNode().put("at", now - 4_000).put("durationMicros", 41_200));
        return answer;
    }

    private ObjectNode list(Request request) {
        int limit = Integer.parseInt(request.parameter("limit").getFirst());
        var after = request.parameter("after");
        int from = after.isEmpty() ? 0 : Integer.parseInt(after.getFirst());
        int to = Math.min(services.size(), from + limit);
        var sorted = services.stream()
                .sorted(Comparator.comparing((ObjectNode each) -> each.get("namespace").asText())
                        .thenComparing(each -> each.get("name").asText()))
                .toList();
        var items = JSON.createArrayNode();
        for (var port : sorted.subList(from, to)) {
            var row = port.deepCopy();
            row.remove("endpointList");
            items.add(row);
        }
        var answer = JSON.createObjectNode().put("revision", 7).put("total", services.size());
        answer.set("items", items);
        return to < services.size() ? answer.put("next", Integer.toString(to)) : answer;
    }

    /** Each look at a Service finds more traffic. */
    private Answer detail(String path) {
        var decoded = java.net.URLDecoder.decode(
                path.substring("/services/".length()).replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
        int looks = details.incrementAndGet();
        var ports = JSON.createArrayNode();
        for (var port : services) {
            if (!decoded.equals(
                    port.get("namespace").asText() + "/" + port.get("name").asText())) {
                continue;
            }
            var seen = port.deepCopy();
            seen.get("endpointList").forEach(endpoint -> {
                if (endpoint.path("traffic") instanceof ObjectNode traffic) {
                    traffic.put("connections", traffic.get("connections").asLong() + looks * 31L);
                    traffic.put("bytes", traffic.get("bytes").asLong() + looks * 52_000L);
                }
            });
            ports.add(seen);
        }
        return ports.isEmpty()
                ? json(404, object("{}").put("error", "no Service " + decoded + " has rules on this node"))
                : json(200, JSON.createObjectNode().set("ports", ports));
    }

    private Answer explain(Request request) {
        var to = request.parameter("to").getFirst();
        if (explanation.isEmpty()) {
            return json(400, object("{}").put("error", "to: \"" + to + "\" is no Service and no address"));
        }
        return json(200, explanation);
    }

    private static Answer json(int status, Object body) {
        return Answer.of(status, Answer.JSON, body.toString());
    }
}
