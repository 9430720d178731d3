package io.fairlead.proxy.inspect;

import io.fairlead.proxy.dataplane.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a full sync would change in the kernel now, by Service. */
public record PlanReport(List<KernelState> families) implements Report {

    /** Where changes stand that are no Service's: sorts before all names. */
    private static final String FRAME = "";

    public PlanReport {
        families = List.copyOf(families);
    }

    @Override
    public boolean isClean() {
        return families.stream().allMatch(family -> family.total() == 0);
    }

    private static Map<String, List<Finding>> byService(KernelState family) {
        var groups = new TreeMap<String, List<Finding>>();
        for (var finding : family.findings()) {
            groups.computeIfAbsent(finding.service().map(Object::toString).orElse(FRAME), _ -> new ArrayList<>())
                    .add(finding);
        }
        return groups;
    }

    @Override
    public Map<String, ?> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("clean", isClean());
        json.put("total", families.stream().mapToInt(KernelState::total).sum());
        var groups = new ArrayList<Map<String, Object>>();
        for (var family : families) {
            byService(family).forEach((service, findings) -> {
                var group = new LinkedHashMap<String, Object>();
                group.put("family", family.family().toString());
                group.put("service", service);
                group.put(
                        "changes",
                        findings.stream()
                                .map(finding -> AuditReport.finding(family, finding))
                                .toList());
                groups.add(group);
            });
        }
        json.put("services", groups);
        return json;
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var family : families) {
            if (family.total() == 0) {
                text.append(family.family()).append(": nothing to do\n");
                continue;
            }
            text.append(family.family())
                    .append(": ")
                    .append(family.total())
                    .append(family.total() == 1 ? " change\n" : " changes\n");
            byService(family).forEach((service, findings) -> write(service, findings, text));
            if (family.total() > family.findings().size()) {
                text.append("\n… and ")
                        .append(family.total() - family.findings().size())
                        .append(" more changes\n");
            }
        }
        return text.toString();
    }

    private static void write(String service, List<Finding> findings, StringBuilder text) {
        text.append('\n')
                .append(service.equals(FRAME) ? "no Service's" : Printable.of(service))
                .append(":\n");
        var place = "";
        for (var finding : findings) {
            if (!finding.place().equals(place)) {
                place = finding.place();
                text.append("  ").append(Printable.of(place)).append('\n');
            }
            finding.found().ifPresent(found -> line(text, "  - ", found));
            finding.expected().ifPresent(expected -> line(text, "  + ", expected));
        }
    }

    private static void line(StringBuilder text, String sign, String rule) {
        text.append("  ").append(sign).append(Printable.of(rule)).append('\n');
    }
}
