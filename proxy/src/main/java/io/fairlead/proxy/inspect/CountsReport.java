package io.fairlead.proxy.inspect;

import io.fairlead.proxy.dataplane.EndpointCount;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Connections by Service port and endpoint, the busiest first.
 *
 * @param counts as many as were asked for
 * @param omitted how many endpoints are not among them
 */
record CountsReport(List<EndpointCount> counts, int omitted) implements Report {

    private static final Comparator<EndpointCount> BUSIEST = Comparator.comparingLong(EndpointCount::connections)
            .reversed()
            .thenComparing(count -> count.port().toString())
            .thenComparing(count -> count.endpoint().text());

    static CountsReport of(List<EndpointCount> all, int limit) {
        return new CountsReport(all.stream().sorted(BUSIEST).limit(limit).toList(), Math.max(0, all.size() - limit));
    }

    @Override
    public Map<String, ?> json() {
        return Map.of("connections", counts.stream().map(CountsReport::json).toList(), "omitted", omitted);
    }

    private static Map<String, Object> json(EndpointCount count) {
        var json = new LinkedHashMap<String, Object>();
        json.put("service", count.port().service().toString());
        json.put("portName", count.port().port());
        json.put("protocol", count.port().protocol().text());
        json.put("endpoint", count.endpoint().text());
        json.put("connections", count.connections());
        return json;
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var count : counts) {
            text.append("%10d  ".formatted(count.connections()))
                    .append(Printable.of(count.port().toString()))
                    .append('/')
                    .append(count.port().protocol().text())
                    .append(" → ")
                    .append(count.endpoint().text())
                    .append('\n');
        }
        return omitted == 0 ? text.toString() : text + "… and " + omitted + " more endpoints\n";
    }
}
