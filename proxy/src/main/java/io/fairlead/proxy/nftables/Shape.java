package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.nftables.Fib;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.RuleBuilder;
import io.fairlead.netfilter.nftables.SetRef;
import io.fairlead.proxy.config.LocalDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A chain that many Services share: what it does follows from how many endpoints there are.
 *
 * @param nodePort the endpoints are found by node port, and else by address
 * @param cluster how many endpoints traffic under policy Cluster has; 0 when that does not matter
 * @param local how many traffic under policy Local has; 0 also when there are none
 */
record Shape(Form form, boolean nodePort, int cluster, int local) {

    enum Form {
        /** Chooses among the endpoints of policy Cluster. */
        PICK("pick"),
        /** Chooses among the endpoints of policy Local. */
        LOCAL("local"),
        /** From outside, under policy Cluster: masquerade and choose. */
        EXTERNAL("external"),
        /** From outside, under policy Local: Pods and this node are sent to all endpoints, others to those on this node. */
        EXTERNAL_LOCAL("external-local");

        private final String text;

        Form(String text) {
            this.text = text;
        }
    }

    static Shape pick(boolean nodePort, int cluster) {
        return new Shape(Form.PICK, nodePort, cluster, 0);
    }

    static Shape local(boolean nodePort, int local) {
        return new Shape(Form.LOCAL, nodePort, 0, local);
    }

    static Shape external(boolean nodePort, int cluster) {
        return new Shape(Form.EXTERNAL, nodePort, cluster, 0);
    }

    static Shape externalLocal(boolean nodePort, int cluster, int local) {
        return new Shape(Form.EXTERNAL_LOCAL, nodePort, cluster, local);
    }

    /** The chain's name: {@code pick/3}, {@code nodeport-external-local/3/1}. */
    String chain() {
        var name = (nodePort ? "nodeport-" : "") + form.text;
        return switch (form) {
            case PICK, EXTERNAL -> name + "/" + cluster;
            case LOCAL -> name + "/" + local;
            case EXTERNAL_LOCAL -> name + "/" + cluster + "/" + local;
        };
    }

    /** Adds this and what it leads to. */
    void addTo(Set<Shape> shapes) {
        switch (form) {
            case PICK, LOCAL -> {}
            case EXTERNAL -> shapes.add(pick(nodePort, cluster));
            case EXTERNAL_LOCAL -> {
                shapes.add(pick(nodePort, cluster));
                if (local > 0) {
                    shapes.add(local(nodePort, local));
                }
            }
        }
        shapes.add(this);
    }

    ChainPlan plan(NftSettings settings) {
        return ChainPlan.of(chain(), rules(settings).toArray(Rule[]::new));
    }

    private List<Rule> rules(NftSettings settings) {
        return switch (form) {
            case PICK -> choice(settings, cluster, nodePort ? Names.NODE_PORT_ENDPOINTS : Names.SERVICE_ENDPOINTS);
            case LOCAL ->
                choice(settings, local, nodePort ? Names.NODE_PORT_LOCAL_ENDPOINTS : Names.SERVICE_LOCAL_ENDPOINTS);
            case EXTERNAL -> masquerading(settings, pick(nodePort, cluster).chain());
            case EXTERNAL_LOCAL ->
                shortCircuits(
                        settings,
                        pick(nodePort, cluster).chain(),
                        local > 0 ? List.of(local(nodePort, local).chain()) : List.of());
        };
    }

    /**
     * The second rule is for a packet that is on its way here while an endpoint goes: it was told that there are {@code
     * count} and finds one less. The first endpoint is always there.
     */
    private List<Rule> choice(NftSettings settings, int count, String map) {
        return count == 1
                ? List.of(choose(settings, 1, map))
                : List.of(choose(settings, count, map), choose(settings, 1, map));
    }

    private Rule choose(NftSettings settings, int count, String map) {
        var key = nodePort ? Keys.nodePort() : Keys.address(settings.family());
        return Keys.whenPorts(RuleBuilder.of(settings.family()))
                .dnatTo(SetRef.named(map), Keys.withRandom(key, count))
                .build();
    }

    /** Traffic from outside under policy Cluster. */
    static List<Rule> masquerading(NftSettings settings, String then) {
        return List.of(
                RuleBuilder.of(settings.family())
                        .setMarkOr(settings.masqueradeMark())
                        .comment("masquerade"),
                RuleBuilder.of(settings.family()).goTo(then).build());
    }

    /**
     * Traffic from outside under policy Local: Pods of this node and the node itself are still sent to all endpoints (spec
     * section 2.5.1).
     *
     * @param cluster the chain for all endpoints
     * @param local the chain for those on this node, if there are any
     */
    static List<Rule> shortCircuits(NftSettings settings, String cluster, List<String> local) {
        var family = settings.family();
        var rules = new ArrayList<Rule>();
        if (!(settings.fromPods() instanceof LocalDetector.None)) {
            rules.add(LocalTraffic.when(RuleBuilder.of(family), settings.fromPods())
                    .goTo(cluster)
                    .comment("short-circuit pod traffic"));
        }
        rules.add(RuleBuilder.of(family)
                .whenFibLocal(Fib.SADDR)
                .setMarkOr(settings.masqueradeMark())
                .comment("masquerade local traffic"));
        rules.add(RuleBuilder.of(family).whenFibLocal(Fib.SADDR).goTo(cluster).comment("short-circuit local traffic"));
        local.forEach(chain -> rules.add(RuleBuilder.of(family).goTo(chain).build()));
        return rules;
    }
}
