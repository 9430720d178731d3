package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.Iptables;
import io.fairlead.netfilter.iptables.IptablesException;
import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.netfilter.iptables.Ruleset;
import io.fairlead.netfilter.trace.IptablesRules;
import io.fairlead.netfilter.trace.Rules;
import io.fairlead.proxy.node.MachineAddresses;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

    /** What the kernel has now. */
    static List<Rules> ofKernel(IpFamily family) throws IOException {
        var listing = new StringBuilder();
        try {
            Iptables.probe(family, new ProcessCommandRunner())
                    .saveLines(line -> listing.append(line).append('\n'));
        } catch (IptablesException e) {
            throw new IOException(e.getMessage(), e);
        }
        return List.of(IptablesRules.of(Ruleset.parse(family, new StringReader(listing.toString()))));
    }
}
