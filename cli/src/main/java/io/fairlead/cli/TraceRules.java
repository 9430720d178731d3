package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Capabilities;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.iptables.Table;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.TableImage;
import io.fairlead.netfilter.nftables.kernel.Dump;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.NftablesRules;
import io.fairlead.netfilter.trace.Rules;
import io.fairlead.proxy.node.MachineAddresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Gets the rules that a packet is to be sent through. */
final class TraceRules {

    private TraceRules() {}

    /** This machine's addresses. */
    static Set<IpAddress> machine() throws IOException {
        return Set.copyOf(MachineAddresses.list());
    }

    static Set<IpAddress> unknown() {
        return Set.of();
    }

    /** A listing; {@code -} is standard input. */
    static List<Rules> of(Path file, IpFamily family) throws IOException {
        try (var reader = open(file)) {
            return List.of(IptablesRules.of(Ruleset.parse(family, reader)));
        } catch (NoSuchFileException e) {
            throw new IOException("--rules: " + file + " does not exist", e);
        }
    }

    private static Reader open(Path file) throws IOException {
        return file.toString().equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(file);
    }

    /** What the kernel has now: iptables' tables, and those of nftables that are not iptables' own. */
    static List<Rules> ofKernel(IpFamily family) throws IOException {
        var rules = new ArrayList<Rules>();
        rules.add(IptablesRules.of(listing(family)));
        try (var nftables = Nftables.open()) {
            for (var image : nftables.consistently(dump -> tables(dump, family))) {
                rules.add(NftablesRules.of(image, family));
            }
        }
        return List.copyOf(rules);
    }

    /** Whether iptables keeps its rules where nftables does not see them. */
    static boolean isLegacy(IpFamily family) {
        return Iptables.probe(family, new ProcessCommandRunner()).capabilities().backend()
                == Capabilities.Backend.LEGACY;
    }

    /** What iptables-save says now. */
    static Ruleset listing(IpFamily family) throws IOException {
        var listing = new StringBuilder();
        try {
            Iptables.probe(family, new ProcessCommandRunner())
                    .saveLines(line -> listing.append(line).append('\n'));
        } catch (IptablesException e) {
            throw new IOException(e.getMessage(), e);
        }
        return Ruleset.parse(family, listing.toString());
    }

    private static List<TableImage> tables(Dump dump, IpFamily family) throws IOException {
        var images = new ArrayList<TableImage>();
        for (var table : dump.tables()) {
            var id = table.id();
            boolean sees = id.family() == Family.INET || id.family() == Family.of(family);
            if (sees && !isIptables(id)) {
                dump.table(id, true).ifPresent(images::add);
            }
        }
        return images;
    }

    /** The tables that iptables' nf_tables back end keeps its rules in: iptables-save has listed them. */
    private static boolean isIptables(TableId id) {
        return id.family() != Family.INET && Table.of(id.name()).isPresent();
    }
}
