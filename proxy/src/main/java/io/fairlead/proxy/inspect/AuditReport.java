package io.fairlead.proxy.inspect;

import io.fairlead.proxy.dataplane.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the kernel is what was written, and what that opens to the world.
 *
 * @param views one for each family, for what is exposed
 */
public record AuditReport(List<KernelState> families, List<Leftover> leftovers, List<NodeView> views)
        implements Report {

    public AuditReport {
        families = List.copyOf(families);
        leftovers = List.copyOf(leftovers);
        views = List.copyOf(views);
    }

    /** How many places differ. */
    public int findings() {
        return families.stream().mapToInt(KernelState::total).sum();
    }

    @Override
    public boolean isClean() {
        return leftovers.isEmpty() && families.stream().allMatch(family -> family.total() == 0);
    }

    @Override
    public Map<String, ?> json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("clean", isClean());
        json.put("total", findings());
        json.put(
                "findings",
                families.stream()
                        .flatMap(family -> family.findings().stream().map(finding -> finding(family, finding)))
                        .toList());
        json.put(
                "leftovers",
                leftovers.stream()
                        .map(each -> Map.of("what", each.what(), "remedy", each.remedy()))
                        .toList());
        json.put(
                "exposed",
                views.stream()
                        .flatMap(view -> Exposure.of(view).stream())
                        .map(Exposure::json)
                        .toList());
        return json;
    }

    static Map<String, Object> finding(KernelState state, Finding finding) {
        var json = new LinkedHashMap<String, Object>();
        json.put("family", state.family().toString());
        json.put("kind", kind(finding));
        json.put("place", finding.place());
        json.put("service", finding.service().map(Object::toString).orElse(""));
        json.put("expected", finding.expected().orElse(""));
        json.put("found", finding.found().orElse(""));
        return json;
    }

    private static String kind(Finding finding) {
        return finding.kind().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String text() {
        var text = new StringBuilder();
        for (var family : families) {
            text.append(family.family()).append(": ");
            text.append(
                    family.total() == 0
                            ? "the kernel is as it should be\n"
                            : family.total() + (family.total() == 1 ? " finding\n" : " findings\n"));
            family.findings().forEach(finding -> write(finding, text));
            if (family.total() > family.findings().size()) {
                text.append("  … and ")
                        .append(family.total() - family.findings().size())
                        .append(" more\n");
            }
        }
        if (findings() > 0) {
            text.append(
                    "the daemon's next full sync mends this, or at once: fairlead audit --repair with the daemon's flags\n");
        }
        for (var leftover : leftovers) {
            text.append("leftover: ").append(Printable.of(leftover.what())).append("\n  ");
            text.append(leftover.remedy()).append('\n');
        }
        var exposed = views.stream().flatMap(view -> Exposure.of(view).stream()).toList();
        text.append(exposed.isEmpty() ? "nothing is exposed to outside the cluster\n" : "exposed:\n");
        exposed.forEach(each -> text.append("  ").append(each.text()).append('\n'));
        return text.toString();
    }

    private static void write(Finding finding, StringBuilder text) {
        text.append("  ").append(kind(finding)).append(" in ").append(Printable.of(finding.place()));
        finding.service()
                .ifPresent(service -> text.append(" (")
                        .append(Printable.of(service.toString()))
                        .append(')'));
        text.append('\n');
        if (finding.kind() == Finding.Kind.ORDER) {
            line(text, "  out of place: ", finding.found().orElse(""));
            return;
        }
        finding.found().ifPresent(found -> line(text, "  found:    ", found));
        finding.expected().ifPresent(expected -> line(text, "  expected: ", expected));
    }

    private static void line(StringBuilder text, String what, String rule) {
        text.append("  ").append(what).append(Printable.of(rule)).append('\n');
    }
}
