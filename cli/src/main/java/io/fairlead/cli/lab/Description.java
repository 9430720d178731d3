package io.fairlead.cli.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Objects described as kubectl does it. */
final class Description {

    private static final int ENDPOINT_COLUMN = 19;
    private static final String NONE = "<none>";

    private Description() {}

    static String endpoints(JsonNode endpoints) {
        var text = new StringBuilder();
        head(text, endpoints, 14);
        text.append("Subsets:\n");
        for (var subset : endpoints.path("subsets")) {
            text.append("  Addresses:          ")
                    .append(ips(subset.path("addresses")))
                    .append('\n');
            text.append("  NotReadyAddresses:  ")
                    .append(ips(subset.path("notReadyAddresses")))
                    .append('\n');
            text.append("  Ports:\n");
            var rows = new ArrayList<List<String>>();
            rows.add(List.of("Name", "Port", "Protocol"));
            rows.add(List.of("----", "----", "--------"));
            for (var port : subset.path("ports")) {
                rows.add(List.of(
                        port.path("name").asText("<unset>"),
                        port.path("port").asText(),
                        port.path("protocol").asText()));
            }
            TableText.aligned(rows, 2).lines().forEach(line -> text.append("    " + line + "\n"));
            text.append('\n');
        }
        return text.append("Events:  ").append(NONE).append('\n').toString();
    }

    static String service(JsonNode service, JsonNode endpoints) {
        var spec = service.path("spec");
        var text = new StringBuilder();
        head(text, service, ENDPOINT_COLUMN);
        line(text, "Selector:", map(spec.path("selector"), "="));
        line(text, "Type:", spec.path("type").asText());
        line(text, "IP Family Policy:", spec.path("ipFamilyPolicy").asText());
        line(text, "IP Families:", list(spec.path("ipFamilies")));
        line(text, "IP:", spec.path("clusterIP").asText(NONE));
        line(text, "IPs:", list(spec.path("clusterIPs")));
        for (var port : spec.path("ports")) {
            String protocol = port.path("protocol").asText();
            String name = port.path("name").asText("");
            line(
                    text,
                    "Port:",
                    (name.isEmpty() ? "<unset>" : name) + "  "
                            + port.path("port").asText() + "/" + protocol);
            line(text, "TargetPort:", port.path("targetPort").asText() + "/" + protocol);
            if (port.path("nodePort").asInt() > 0) {
                line(
                        text,
                        "NodePort:",
                        (name.isEmpty() ? "<unset>" : name) + "  "
                                + port.path("nodePort").asText() + "/" + protocol);
            }
            line(text, "Endpoints:", of(endpoints, name));
        }
        line(text, "Session Affinity:", spec.path("sessionAffinity").asText());
        line(text, "Events:", NONE);
        return text.toString();
    }

    private static void head(StringBuilder text, JsonNode object, int width) {
        var metadata = object.path("metadata");
        pad(text, "Name:", width).append(metadata.path("name").asText()).append('\n');
        pad(text, "Namespace:", width)
                .append(metadata.path("namespace").asText())
                .append('\n');
        String between = "\n" + " ".repeat(width);
        pad(text, "Labels:", width)
                .append(lines(metadata.path("labels"), "=", between))
                .append('\n');
        pad(text, "Annotations:", width)
                .append(lines(metadata.path("annotations"), ": ", between))
                .append('\n');
    }

    private static StringBuilder pad(StringBuilder text, String label, int width) {
        return text.append(label).append(" ".repeat(width - label.length()));
    }

    private static void line(StringBuilder text, String label, String value) {
        pad(text, label, ENDPOINT_COLUMN).append(value).append('\n');
    }

    private static String lines(JsonNode map, String sign, String between) {
        return map.isEmpty() ? NONE : entries(map, sign).collect(Collectors.joining(between));
    }

    private static String map(JsonNode map, String sign) {
        return map.isEmpty() ? NONE : entries(map, sign).collect(Collectors.joining(","));
    }

    private static Stream<String> entries(JsonNode map, String sign) {
        return map.properties().stream()
                .map(entry -> entry.getKey() + sign + entry.getValue().asText())
                .sorted();
    }

    private static String list(JsonNode array) {
        var words = new ArrayList<String>();
        array.forEach(word -> words.add(word.asText()));
        return words.isEmpty() ? NONE : String.join(",", words);
    }

    private static String ips(JsonNode addresses) {
        var ips = new ArrayList<String>();
        addresses.forEach(address -> ips.add(address.path("ip").asText()));
        return ips.isEmpty() ? NONE : String.join(",", ips);
    }

    /** The endpoints of the port of this name. */
    private static String of(JsonNode endpoints, String name) {
        var found = new ArrayList<String>();
        for (var subset : endpoints.path("subsets")) {
            for (var port : subset.path("ports")) {
                if (port.path("name").asText("").equals(name)) {
                    for (var address : subset.path("addresses")) {
                        String ip = address.path("ip").asText();
                        found.add((ip.contains(":") ? "[" + ip + "]" : ip) + ":"
                                + port.path("port").asText());
                    }
                }
            }
        }
        return found.isEmpty() ? NONE : String.join(",", found);
    }
}
