package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.conntrack.FlowCounts;
import io.fairlead.proxy.conntrack.EndpointTraffic;
import io.fairlead.proxy.conntrack.TrafficReport;
import io.fairlead.proxy.dataplane.EndpointCount;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What Service ports' endpoints got, the busiest first.
 *
 * @param endpoints as many as were asked for
 * @param omitted how many endpoints are not among them
 * @param metered what else is known when connection tracking was asked; empty when the rules' counters were
 */
record CountsReport(Source source, List<EndpointTraffic> endpoints, int omitted, Optional<Metered> metered)
        implements Report {

    /** Who counts. */
    enum Source {
        /** Connection tracking. */
        CONNTRACK,
        /** The rules that send to endpoints: connections, since they were written. */
        RULES,
        /** Nobody: rules of this mode do not, and connection tracking was not asked to. */
        NONE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param accounting whether this kernel counts packets and bytes */
    record Metered(TrafficReport report, boolean accounting) {}

    private static final Comparator<EndpointTraffic> BUSIEST = Comparator.comparingLong(EndpointTraffic::connections)
            .reversed()
            .thenComparing(traffic -> traffic.port().toString())
            .thenComparing(EndpointTraffic::endpoint);

    static CountsReport ofRules(Collection<EndpointCount> all, boolean rulesCount, int limit) {
        var traffic = all.stream()
                .map(count -> new EndpointTraffic(
                        count.port(), count.endpoint().text(), count.connections(), FlowCounts.NONE))
                .toList();
        return of(rulesCount ? Source.RULES : Source.NONE, traffic, limit, Optional.empty());
    }

    static CountsReport of(TrafficReport report, boolean accounting, int limit) {
        return of(Source.CONNTRACK, report.endpoints(), limit, Optional.of(new Metered(report, accounting)));
    }

    private static CountsReport of(
            Source source, Collection<EndpointTraffic> all, int limit, Optional<Metered> metered) {
        return new CountsReport(
                source, all.stream().sorted(BUSIEST).limit(limit).toList(), Math.max(0, all.size() - limit), metered);
    }

    @Override
    public Map<String, ?> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("source", source.toString());
        json.put("since", metered.map(it -> it.report().since().toString()).orElse(""));
        json.put("accounting", metered.filter(Metered::accounting).isPresent());
        json.put("connections", endpoints.stream().map(this::json).toList());
        json.put("omitted", omitted);
        metered.ifPresent(it -> {
            json.put(
                    "other", numbers(it.report().otherConnections(), it.report().otherCounts()));
            json.put("lost", it.report().lost());
        });
        return json;
    }

    private Map<String, Object> json(EndpointTraffic traffic) {
        var json = new LinkedHashMap<String, Object>();
        json.put("service", traffic.port().service().toString());
        json.put("portName", traffic.port().port());
        json.put("protocol", traffic.port().protocol().text());
        json.put("endpoint", traffic.endpoint());
        if (metered.isPresent()) {
            json.putAll(numbers(traffic.connections(), traffic.counts()));
        } else {
            json.put("connections", traffic.connections());
        }
        return json;
    }

    private static Map<String, Object> numbers(long connections, FlowCounts counts) {
        var json = new LinkedHashMap<String, Object>();
        json.put("connections", connections);
        json.put("packets", counts.packets());
        json.put("bytes", counts.bytes());
        json.put("replyPackets", counts.replyPackets());
        json.put("replyBytes", counts.replyBytes());
        return json;
    }

    @Override
    public String text() {
        var text = new StringBuilder(heading());
        for (var traffic : endpoints) {
            line(text, traffic.connections(), traffic.counts());
            text.append(Printable.of(traffic.port().toString()))
                    .append('/')
                    .append(traffic.port().protocol().text())
                    .append(" → ")
                    .append(traffic.endpoint())
                    .append('\n');
        }
        metered.map(Metered::report).filter(it -> it.otherConnections() > 0).ifPresent(it -> {
            line(text, it.otherConnections(), it.otherCounts());
            text.append("all other endpoints\n");
        });
        return omitted == 0 ? text.toString() : text + "… and " + omitted + " more endpoints\n";
    }

    private void line(StringBuilder text, long connections, FlowCounts counts) {
        text.append("%10d  ".formatted(connections));
        if (metered.filter(Metered::accounting).isPresent()) {
            text.append("%10d %14d %10d %14d  "
                    .formatted(counts.packets(), counts.bytes(), counts.replyPackets(), counts.replyBytes()));
        }
    }

    private String heading() {
        return switch (source) {
            case NONE ->
                "Nothing is counted: start the daemon with --service-counters N, the number of endpoints to count one by one\n";
            case RULES -> "connections since the rules of an endpoint were last written\n";
            case CONNTRACK -> {
                var it = metered.orElseThrow();
                var lost = it.report().lost() == 0
                        ? ""
                        : "The kernel told of more connections than could be listened to, "
                                + it.report().lost() + " times: some short ones are missing\n";
                yield (it.accounting()
                                ? "connections, packets and bytes to and from each endpoint since "
                                : "Packets and bytes are not counted, because net.netfilter.nf_conntrack_acct is 0; what begins after"
                                        + " \"sysctl -w net.netfilter.nf_conntrack_acct=1\" is\nconnections since ")
                        + it.report().since() + "\n" + lost;
            }
        };
    }
}
