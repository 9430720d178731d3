package io.fairlead.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.RestorePrinter;
import io.fairlead.netfilter.iptables.RuleParser;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.Tracer;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.config.NodePortAddresses;
import io.fairlead.proxy.routing.RoutingTable;
import io.fairlead.proxy.routing.ServiceRouting;
import io.fairlead.proxy.vectors.MapUpdates;
import io.fairlead.proxy.vectors.RecordedFlow;
import io.fairlead.proxy.vectors.Replayed;
import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One recorded proxier test: its events go through delta, router and dataplane to a model of the kernel. The rules are
 * compared where iptables rules were recorded, the fates of packets always.
 */
final class Scenario {

    private final JsonNode vector;
    private final VectorReport.Run run;
    private final IpFamily family;
    private final RuleSettings settings;
    private final LocalFacts facts;
    private final ModelKernel kernel;
    private final IptablesDataplane dataplane;
    private final Replayed cluster;
    private final Set<NamespacedName> pending = new HashSet<>();
    private final Set<NamespacedName> touched = new HashSet<>();

    Scenario(JsonNode vector, VectorReport.Run run) {
        this.vector = vector;
        this.run = run;
        var recorded = vector.path("settings");
        family = Replayed.family(recorded.path("ipFamily"));
        settings = settings(recorded, family);
        facts = facts(recorded);
        kernel = new ModelKernel(family, "nf_tables");
        dataplane = new IptablesDataplane(Iptables.probe(family, kernel), settings, facts);
        cluster = new Replayed(family, nodeName());
    }

    private String nodeName() {
        return vector.path("settings").path("nodeName").asText();
    }

    private static RuleSettings settings(JsonNode recorded, IpFamily family) {
        var nodePorts = VectorFiles.texts(recorded.path("nodePortAddresses").path("cidrs")).stream()
                .map(IpPrefix::parse)
                .toList();
        return new RuleSettings(
                family,
                Integer.decode(recorded.path("masqueradeMark").asText()),
                recorded.path("masqueradeAll").asBoolean(),
                Optional.of(Rules.source(IpPrefix.parse(
                        recorded.path("localDetector").path("arg").asText()))),
                recorded.path("localhostNodePorts").asBoolean(),
                NodePortAddresses.ofPrefixes(nodePorts, family),
                List.of(),
                IpAddress.tryParse(recorded.path("nodeIP").asText()),
                recorded.path("hasRandomFully").asBoolean(),
                !recorded.path("conntrackTCPLiberal").asBoolean(),
                false,
                false);
    }

    private static LocalFacts facts(JsonNode recorded) {
        return new LocalFacts() {
            @Override
            public boolean ensureCounter(String name) {
                return recorded.path("nfAcctCounters").path(name).asBoolean();
            }

            @Override
            public List<IpAddress> addresses() {
                return VectorFiles.stream(recorded.path("networkInterfaces"))
                        .flatMap(device -> VectorFiles.texts(device).stream())
                        .map(text -> IpAddress.parse(text.substring(0, text.indexOf('/'))))
                        .toList();
            }
        };
    }

    void play() throws Exception {
        for (var step : vector.path("steps")) {
            tamper(step.path("ops"));
            var change = cluster.replay(step.path("ops"));
            touched.addAll(change.touched());
            pending.addAll(change.rerouted());
            var result = step.path("result");
            switch (step.path("type").asText()) {
                case "sync" -> {
                    if (!result.path("skipped").asBoolean()) {
                        sync(step);
                    }
                }
                case "serviceMapUpdate", "endpointsMapUpdate" -> {
                    MapUpdates.compare(step, cluster, change, run);
                    touched.clear();
                }
                case "check", "end" -> {}
                default -> throw new AssertionError("unknown step " + step.path("type"));
            }
            compareFlows(step);
        }
    }

    private void tamper(JsonNode operations) {
        for (var operation : operations) {
            if (operation.path("op").asText().equals("externalIPTablesRule")) {
                kernel.tamper(sink -> {
                    sink.table(Table.of(operation.path("table").asText()).orElseThrow());
                    sink.append(
                            operation.path("chain").asText(),
                            RuleParser.parseRule(String.join(" ", VectorFiles.texts(operation.path("args")))));
                    sink.commit();
                });
            }
        }
    }

    private void sync(JsonNode step) throws Exception {
        var result = step.path("result");
        var at = " of step " + step.path("index");
        var desired = cluster.table();
        dataplane.apply(desired, pending, result.path("full").asBoolean());
        var updated = new HashSet<>(Replayed.names(result.path("updatedServices")));
        updated.addAll(Replayed.names(result.path("updatedEndpoints")));
        run.compare("updated Services" + at, () -> assertThat(touched).isEqualTo(updated));
        pending.clear();
        touched.clear();
        compareFacts(desired, result, at);
        if (result.has("save")) {
            run.compare(
                    "kernel" + at,
                    () -> RecordedRules.assertSame(kernel.ruleset(), RecordedRules.state(family, result.path("save"))));
            run.compare(
                    "large cluster mode" + at,
                    () -> assertThat(!Applied.withComments(desired))
                            .isEqualTo(result.path("largeClusterMode").asBoolean()));
            compareStateless(step, at);
        }
    }

    /** What a fresh start with everything known would write. */
    private void compareStateless(JsonNode step, String at) throws Exception {
        var fresh = new Replayed(family, nodeName());
        fresh.set(step.path("services"));
        fresh.set(step.path("endpointSlices"));
        var rendering = new Rendering(fresh.freshTable(), freshSettings());
        var result = step.path("result");
        run.compare(
                "rendering" + at,
                () -> RecordedRules.assertSame(
                        rendering.appliedToEmptyKernel(), RecordedRules.state(family, result.path("save"))));
        if (!result.path("full").asBoolean()) {
            return;
        }
        var recorded = RecordedRules.withoutDeletions(result.path("restoreInput"));
        run.compare("restore input" + at, () -> {
            var written = RestorePrinter.text(rendering.restoreInput()).replace("0x00004000", "0x4000");
            RecordedRules.assertSameLines(
                    written.lines().sorted().toList(),
                    recorded.stream().sorted().toList());
            var empty = Ruleset.empty(family);
            RecordedRules.assertSame(
                    empty.apply(rendering.restoreInput()), empty.apply(RecordedRules.script(recorded)));
        });
    }

    private RuleSettings freshSettings() {
        return settings.withMachineAddresses(facts.addresses())
                .withCounters(
                        facts.ensureCounter(RuleSettings.INVALID_COUNTER),
                        facts.ensureCounter(RuleSettings.LOCALHOST_COUNTER));
    }

    private void compareFacts(RoutingTable desired, JsonNode result, String at) throws Exception {
        var ports = desired.services().values().stream().flatMap(List::stream).toList();
        run.compare(
                "no local endpoints" + at,
                () -> assertThat(withoutLocalEndpoints(ports))
                        .isEqualTo(MapUpdates.numbers(result.path("noLocalEndpoints"))));
        run.compare(
                "health check node ports" + at,
                () -> assertThat(MapUpdates.healthChecks(ports))
                        .isEqualTo(MapUpdates.numbers(result.path("healthCheckNodePorts"))));
        run.compare(
                "local ready endpoints" + at,
                () -> assertThat(MapUpdates.localReady(cluster.endpoints()))
                        .isEqualTo(MapUpdates.numbers(result.path("localReadyEndpoints"))));
    }

    /** Service ports whose policy is Local and whose endpoints are all elsewhere. */
    private static Map<String, Integer> withoutLocalEndpoints(List<ServiceRouting> ports) {
        long internal = ports.stream()
                .filter(port -> port.endpoints().any() && !port.hasInternalEndpoints())
                .count();
        long external = ports.stream()
                .filter(port -> port.endpoints().any() && !port.hasExternalEndpoints())
                .count();
        return Map.of("internal", (int) internal, "external", (int) external);
    }

    private void compareFlows(JsonNode step) throws Exception {
        for (var flow : step.path("flows")) {
            run.compare(
                    "flow " + flow.path("name").asText() + " of step " + step.path("index"),
                    () -> assertFlow(kernel.ruleset(), flow, vector.path("localIPs")));
        }
    }

    /** Follows one recorded packet through the rules. */
    static void assertFlow(Ruleset ruleset, JsonNode flow, JsonNode localIps) {
        var recorded = RecordedFlow.of(flow);
        var fate = Fate.of(
                new Tracer(RecordedFlow.host(localIps), List.of(IptablesRules.of(ruleset))).trace(recorded.packet()));
        assertThat(String.join(", ", fate.output())).isEqualTo(recorded.output());
        assertThat(fate.masqueraded()).as("masqueraded").isEqualTo(recorded.masqueraded());
    }
}
