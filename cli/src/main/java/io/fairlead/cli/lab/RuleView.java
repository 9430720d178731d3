package io.fairlead.cli.lab;

import java.io.IOException;
import java.util.List;

/** What a mode's rules look like on a node. */
sealed interface RuleView permits IptablesView, NftablesView {

    static RuleView of(PlanOptions.Mode mode, Session session) {
        return switch (mode) {
            case IPTABLES -> new IptablesView(session);
            case NFTABLES -> new NftablesView(session);
        };
    }

    /** What the proxy writes into its log when it starts. */
    String logLine();

    /** Whether there is anything of the Service. */
    boolean hasService(Session.Place node) throws IOException, InterruptedException;

    /** Whether packets to the Service reach its pod: a Service that is known before its endpoints refuses them. */
    boolean routesService(Session.Place node) throws IOException, InterruptedException;

    /** Shows what there is of the Service. */
    void show(Session.Place node) throws IOException, InterruptedException;

    /** Shows the Service's rules on every node, and checks them. */
    void showService(List<Session.Place> nodes, Verdict verdict) throws IOException, InterruptedException;

    /** Shows the rules of DNS, and checks them. */
    void showDns(Session.Place node, Verdict verdict) throws IOException, InterruptedException;
}
