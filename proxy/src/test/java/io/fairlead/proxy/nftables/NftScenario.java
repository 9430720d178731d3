package io.fairlead.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.ip.IpPrefix;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.trace.Host;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.netfilter.trace.Outcome;
import io.fairlead.netfilter.trace.Tracer;
import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.config.LocalDetector;
import io.fairlead.proxy.config.NodePortAddresses;
import io.fairlead.proxy.vectors.RecordedFlow;
import io.fairlead.proxy.vectors.Replayed;
import io.fairlead.proxy.vectors.VectorFiles;
import io.fairlead.proxy.vectors.VectorReport;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One recorded test of upstream's nftables mode: its events go through delta, router and dataplane to a model of the kernel.
 * The layout of the table is our own, the fates of packets are theirs; after each sync it holds what a fresh start would write.
 */
final class NftScenario {

    private final JsonNode vector;
    private final VectorReport.Run run;
    private final NftSettings settings;
    private final List<IpAddress> machine;
    private final ModelTable kernel = new ModelTable();
    private final NftablesDataplane dataplane;
    private final Replayed cluster;
    private final Set<NamespacedName> pending = new HashSet<>();

    NftScenario(JsonNode vector, VectorReport.Run run) {
        this.vector = vector;
        this.run = run;
        var recorded = vector.path("settings");
        var family = Replayed.family(recorded.path("ipFamily"));
        settings = settings(recorded, family);
        machine = VectorFiles.stream(recorded.path("networkInterfaces"))
                .flatMap(device -> VectorFiles.texts(device).stream())
                .map(text -> IpAddress.parse(text.substring(0, text.indexOf('/'))))
                .toList();
        dataplane = dataplane(kernel);
        cluster = new Replayed(family, recorded.path("nodeName").asText());
        cluster.setServiceCidrs(prefixes(recorded.path("serviceCIDRs").asText()));
    }

    private NftablesDataplane dataplane(ModelTable table) {
        return new NftablesDataplane(table, settings, () -> machine, () -> 0);
    }

    private static NftSettings settings(JsonNode recorded, IpFamily family) {
        var nodePorts = VectorFiles.texts(recorded.path("nodePortAddresses").path("cidrs")).stream()
                .map(IpPrefix::parse)
                .toList();
        return new NftSettings(
                family,
                Integer.decode(recorded.path("masqueradeMark").asText()),
                recorded.path("masqueradeAll").asBoolean(),
                new LocalDetector.Cidr(IpPrefix.parse(
                        recorded.path("localDetector").path("arg").asText())),
                NodePortAddresses.ofPrefixes(nodePorts, family),
                List.of(),
                IpAddress.parse(recorded.path("nodeIP").asText()));
    }

    private static List<IpPrefix> prefixes(String text) {
        return text.isEmpty()
                ? List.of()
                : List.of(text.split(",")).stream().map(IpPrefix::parse).toList();
    }

    void play() throws Exception {
        for (var step : vector.path("steps")) {
            pending.addAll(cluster.replay(step.path("ops")).rerouted());
            var result = step.path("result");
            if (step.path("type").asText().equals("sync")
                    && !result.path("skipped").asBoolean()) {
                dataplane.apply(cluster.table(), pending, result.path("full").asBoolean());
                pending.clear();
                compareWithFreshStart(step);
            }
            for (var flow : step.path("flows")) {
                compareFlow(
                        run,
                        kernel.image(),
                        flow,
                        RecordedFlow.host(vector.path("localIPs")),
                        " of step " + step.path("index"));
            }
        }
    }

    private void compareWithFreshStart(JsonNode step) throws Exception {
        var fresh = new ModelTable();
        dataplane(fresh).apply(cluster.freshTable(), Set.of(), true);
        var left = new HashSet<>(kernel.chains());
        left.removeAll(fresh.chains());
        run.compare("table of step " + step.path("index"), () -> {
            assertThat(left).allMatch(Names::comesAndGoes);
            assertThat(kernel.lines(left, Set.of())).containsExactlyElementsOf(fresh.lines(Set.of(), Set.of()));
        });
    }

    /** Sends one recorded packet through a table. */
    static void compareFlow(VectorReport.Run run, TableImage table, JsonNode recorded, Host host, String at)
            throws Exception {
        var flow = RecordedFlow.of(recorded);
        var tracer = new Tracer(
                host,
                List.of(NftablesRules.of(table, flow.packet().source().address().family())));
        run.compare("packet " + flow.name() + at, () -> {
            var outcomes = tracer.trace(flow.packet()).outcomes().keySet();
            assertThat(output(outcomes))
                    .isEqualTo(
                            flow.output().isEmpty()
                                    ? Set.of()
                                    : new TreeSet<>(List.of(flow.output().split(", "))));
            assertThat(outcomes.stream().anyMatch(Outcome::masqueraded))
                    .as("masqueraded")
                    .isEqualTo(flow.masqueraded());
        });
    }

    private static Set<String> output(Collection<Outcome> outcomes) {
        var output = new TreeSet<String>();
        for (var outcome : outcomes) {
            outcome.translatedTo().ifPresent(to -> output.add(to.toString()));
            switch (outcome.fate()) {
                case DROPPED -> output.add("DROP");
                case REJECTED -> output.add("REJECT");
                case UNKNOWN -> output.add("UNKNOWN");
                case SENT, DELIVERED -> {}
            }
        }
        return output;
    }
}
