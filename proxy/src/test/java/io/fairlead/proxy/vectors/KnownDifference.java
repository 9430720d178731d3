package io.fairlead.proxy.vectors;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A recorded fact that does not hold here, and why.
 *
 * @param file a regular expression over the whole file name
 * @param scenario a regular expression over the whole name of the record
 * @param what a regular expression over the whole name of a comparison: each that it finds must fail
 */
public record KnownDifference(String file, String scenario, String what, String reason) {

    /** The record has no counterpart at all, and is not replayed. */
    static final String EVERYTHING = "everything";

    /** All comparisons that are known to fail; none of them may begin to hold unnoticed. */
    static final List<KnownDifference> ALL = List.of(
            new KnownDifference(
                    "iptables/TestSyncProxyRulesLargeClusterMode.json.gz",
                    ".*",
                    "rendering of step [12]",
                    "upstream, like our incremental sync, leaves the comments of rules it does not touch when a"
                            + " cluster grows large; a fresh start writes none"),
            new KnownDifference(
                    "iptables/TestSyncProxyRulesLargeClusterMode.json.gz",
                    ".*",
                    "(kernel|rendering) of step 5",
                    "stale chains go at once, also in large clusters: deleting those that are known to be stale does"
                            + " not need the listing that upstream saves there"),
            new KnownDifference(
                    "iptables/TestSyncProxyRulesRepeated.json",
                    ".*",
                    "(kernel|rendering) of step 8",
                    "upstream leaves nat as it was when a foreign rule in one of its chains holds on to a stale chain,"
                            + " and mends it in the next sync; here the same sync does"),
            new KnownDifference(
                    "iptables/helpers.json",
                    "Test(CheckIPTablesRuleJumps|ParseIPTablesData|SortIPTablesRules)(/.*)?",
                    EVERYTHING,
                    "tests of upstream's test helpers"),
            new KnownDifference(
                    "nftables/TestClusterIPGeneral.json",
                    ".*",
                    "flow (TCP-only port does not match UDP traffic|svc1 does not accept svc2's ports"
                            + "|packet to unallocated cluster ip) of step 0",
                    "iptables mode says nothing about cluster IPs outside a Service's ports, upstream's neither"),
            new KnownDifference(
                    "proxy/topology.json",
                    ".*_when_feature_gate_disabled",
                    "selection",
                    "the gate PreferSameTrafficDistribution is locked on in 1.36"));

    /** What is recorded and never looked at. */
    static final List<KnownDifference> NEVER_COMPARED = List.of(
            new KnownDifference(
                    "iptables/Test.*",
                    "partial syncs",
                    "restoreInput, counts and the asserts on them",
                    "an ordinary sync writes only the difference; what the kernel holds afterwards is compared"),
            new KnownDifference(
                    "iptables/Test.*",
                    "syncs",
                    "the values of the metrics on rules",
                    "the numbers of rules follow from restoreInput, where that is compared"),
            new KnownDifference(
                    "nftables/Test.*",
                    "all",
                    "dump, transactions, staleChains",
                    "their objects and packets go through both modes; the layout of the table is our own"),
            new KnownDifference(
                    "(iptables|nftables)/Test.*|proxy/trackers.json",
                    "all",
                    "conntrackCleanupRequired",
                    "what is cleaned up, and when, differs on purpose: the tests of the package conntrack show it"),
            new KnownDifference(
                    "proxy/trackers.json",
                    "all",
                    "lastChangeTriggerTimes, and asserts on cache sizes",
                    "the tests of the metrics show when latency is counted; nothing is cached beside the image"),
            new KnownDifference(
                    "proxy/util.json",
                    "TestIPPart, TestMap*ByIPFamily, TestAddressSet, TestLineBuffer*, TestWriteCountLines, TestDetectLocalNFT*",
                    "all",
                    "helpers without a counterpart; the others are in the tests of the configuration"));

    static Optional<KnownDifference> of(String file, String scenario, String what) {
        return ALL.stream()
                .filter(known -> known.isAbout(file)
                        && Pattern.matches(known.scenario, scenario)
                        && Pattern.matches(known.what, what))
                .findFirst();
    }

    boolean isAbout(String someFile) {
        return Pattern.matches(file, someFile);
    }

    @Override
    public String toString() {
        return file + " " + scenario + ": " + what + ": " + reason;
    }
}
