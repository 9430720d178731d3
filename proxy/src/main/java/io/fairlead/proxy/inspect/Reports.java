package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.routing.RoutedEndpoint;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What the daemon believes, as answers. */
final class Reports {

    private Reports() {}

    /**
     * The whole at a glance.
     *
     * @param node this node's name
     */
    record State(String version, String mode, String node, Instant now, LiveState live) implements Report {

        @Override
        public Map<String, ?> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("version", version);
            json.put("mode", mode);
            json.put("node", node);
            json.put("zone", live.image().node().flatMap(it -> it.zone()).orElse(""));
            json.put("began", live.began().toString());
            json.put("now", now.toString());
            var families = new ArrayList<Map<String, Object>>();
            live.progress().forEach((family, progress) -> families.add(family(family, progress)));
            json.put("families", families);
            json.put("changes", live.history().last());
            json.put(
                    "historyKeptSince",
                    live.history().since().map(Instant::toString).orElse(""));
            return json;
        }

        private static Map<String, Object> family(IpFamily family, LiveState.Progress progress) {
            var json = new LinkedHashMap<String, Object>();
            var table = progress.applied();
            json.put("family", family.toString());
            json.put("services", table.map(it -> it.services().size()).orElse(0));
            json.put("servicePorts", table.map(State::ports).orElse(0));
            json.put("endpoints", table.map(RoutingTable::endpoints).orElse(0));
            json.put("endpointsReady", table.map(State::ready).orElse(0));
            json.put("synced", progress.applied().isPresent());
            json.put("lastSync", progress.syncedAt().map(Instant::toString).orElse(""));
            json.put("pending", progress.pendingSince().isPresent());
            json.put(
                    "pendingSince",
                    progress.pendingSince().map(Instant::toString).orElse(""));
            json.put("failures", progress.failures());
            json.put("lastFailure", progress.lastFailure());
            return json;
        }

        private static int ports(RoutingTable table) {
            return table.services().values().stream().mapToInt(List::size).sum();
        }

        private static int ready(RoutingTable table) {
            return table.services().values().stream()
                    .flatMap(List::stream)
                    .mapToInt(port -> (int) port.endpoints().all().stream()
                            .filter(RoutedEndpoint::ready)
                            .count())
                    .sum();
        }

        @Override
        public String text() {
            var text = new StringBuilder();
            text.append("Fairlead ").append(version).append(", ").append(mode).append(" mode, node ");
            text.append(Printable.of(node))
                    .append(", running since ")
                    .append(live.began())
                    .append('\n');
            live.progress().forEach((family, progress) -> {
                text.append("\n").append(family).append(": ");
                if (progress.applied().isEmpty()) {
                    text.append("not synced yet\n");
                } else {
                    var table = progress.applied().get();
                    text.append(table.services().size()).append(" Services, ");
                    text.append(table.endpoints())
                            .append(" endpoints, ")
                            .append(ready(table))
                            .append(" ready\n");
                    text.append("  last sync ")
                            .append(progress.syncedAt().orElse(now))
                            .append('\n');
                }
                progress.pendingSince()
                        .ifPresent(since -> text.append("  changes wait since ")
                                .append(since)
                                .append('\n'));
                if (progress.failures() > 0) {
                    text.append("  ").append(progress.failures()).append(" failed syncs in a row, the last: ");
                    text.append(Printable.of(progress.lastFailure())).append('\n');
                }
            });
            var newest = live.history().newest(10);
            text.append("\nThe last changes (more with --history):\n");
            newest.forEach(change -> text.append("  ").append(change.text()).append('\n'));
            return text.toString();
        }
    }

    /** The last writes, newest first. */
    record Log(List<Change> changes) implements Report {

        @Override
        public Map<String, ?> json() {
            return Map.of("changes", changes.stream().map(Change::json).toList());
        }

        @Override
        public String text() {
            var text = new StringBuilder();
            changes.forEach(change -> text.append(change.text()).append('\n'));
            return text.toString();
        }
    }

    /**
     * Service ports, by Service.
     *
     * @param next after which Service the next page begins; empty on the last
     * @param total of Services of all pages, those of several families counted once
     * @param counted of endpoints only the numbers are told
     */
    record Services(List<ServiceRouting> ports, Optional<NamespacedName> next, int total, boolean counted)
            implements Report {

        /** @param after the last Service of the page before */
        static Services page(
                Collection<RoutingTable> tables, Optional<NamespacedName> after, int limit, boolean counted) {
            var names = new TreeSet<NamespacedName>();
            tables.forEach(table -> names.addAll(table.services().keySet()));
            var rest = after.map(last -> names.tailSet(last, false)).orElse(names);
            var page = rest.stream().limit(limit).toList();
            var ports = new ArrayList<ServiceRouting>();
            for (var name : page) {
                tables.forEach(table -> ports.addAll(table.portsOf(name)));
            }
            var next = page.size() < rest.size() ? Optional.of(page.getLast()) : Optional.<NamespacedName>empty();
            return new Services(ports, next, names.size(), counted);
        }

        static Services of(Collection<RoutingTable> tables, NamespacedName name) {
            var ports = new ArrayList<ServiceRouting>();
            tables.forEach(table -> ports.addAll(table.portsOf(name)));
            return new Services(ports, Optional.empty(), ports.isEmpty() ? 0 : 1, false);
        }

        @Override
        public Map<String, ?> json() {
            return Map.of(
                    "servicePorts",
                    ports.stream()
                            .map(counted ? ServiceJson::counted : ServiceJson::of)
                            .toList(),
                    "next",
                    next.map(NamespacedName::toString).orElse(""),
                    "total",
                    total);
        }

        @Override
        public String text() {
            var text = new StringBuilder();
            ports.forEach(port -> ServiceJson.write(port, text));
            return text.toString();
        }
    }
}
