package io.fairlead.lab.cluster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What other processes need to know of a lab that is up; a line for each thing on disk.
 *
 * @param mode of its proxies
 * @param server the API server's address on this machine
 */
public record LabNote(Instant since, String mode, String server, List<Node> nodes) {

    /**
     * @param namespace the network namespace
     * @param addresses on the LAN, separated by commas
     */
    public record Node(String name, String namespace, String addresses, String podCidrs) {}

    public LabNote {
        nodes = List.copyOf(nodes);
    }

    public Optional<Node> node(String name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findAny();
    }

    String text() {
        var text = new StringBuilder();
        text.append("since ").append(since).append('\n');
        text.append("mode ").append(mode).append('\n');
        text.append("server ").append(server).append('\n');
        for (var node : nodes) {
            text.append(
                    "node %s %s %s %s%n".formatted(node.name(), node.namespace(), node.addresses(), node.podCidrs()));
        }
        return text.toString();
    }

    static LabNote parse(String text) {
        var since = Instant.EPOCH;
        String mode = "";
        String server = "";
        var nodes = new ArrayList<Node>();
        for (var line : text.lines().toList()) {
            var words = line.split(" ", -1);
            switch (words[0]) {
                case "since" -> since = Instant.parse(words[1]);
                case "mode" -> mode = words[1];
                case "server" -> server = words[1];
                case "node" -> nodes.add(new Node(words[1], words[2], words[3], words[4]));
                default -> {}
            }
        }
        return new LabNote(since, mode, server, nodes);
    }
}
