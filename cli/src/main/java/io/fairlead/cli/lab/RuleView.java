package io.fairlead.cli.lab;

import java.io.IOException;
import java.util.List;

/** What a mode's rules look like on a node. */
sealed interface RuleView permits IptablesView {

    static RuleView of(PlanOptions.Mode mode, Session session) {
        return switch (mode) {
            case IPTABLES -> new IptablesView(session);
            case NFTABLES -> throw new UnsupportedOperationException("nftables");
        };
    }

    /** What the proxy writes into its log when it starts. */
    String logLine();

    /** Whether any rule has this in it. */
    boolean has(Session.Place node, String text) throws IOException, InterruptedException;

    /** Shows all rules that have this in it. */
    Session.Output show(Session.Place node, String text) throws IOException, InterruptedException;

    /** Shows the Service's rules on every node, and checks them. */
    void showService(List<Session.Place> nodes, Verdict verdict) throws IOException, InterruptedException;

    /** Shows the rules of DNS, and checks them. */
    void showDns(Session.Place node, Verdict verdict) throws IOException, InterruptedException;
}
