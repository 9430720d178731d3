package io.fairlead.cli;

import io.fairlead.netfilter.iptables.RuleSyntaxException;
import io.fairlead.netfilter.trace.Fate;
import io.fairlead.netfilter.trace.Trace;
import io.fairlead.netfilter.trace.Tracer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fairlead trace}: one packet's way through rules. */
@Command(
        name = "trace",
        header =
                "Follow a packet through a machine's rules, rule by rule; needs neither a cluster nor Fairlead's own rules.",
        description = {
            "",
            "Reads a listing of iptables-save (or this machine's rules), sends a packet through all hooks as the kernel would,"
                    + " and prints every rule that does something to it, where it ends, and with which probability. Names the"
                    + " Services whose rules it meets, and whose other rules touch it.",
            ""
        },
        footer = {
            "",
            "Exit status: 0 the packet gets through, 1 failed, 2 called wrongly, 3 it is dropped or rejected (on some of its"
                    + " ways, if there is a choice; no packet came, with --live), 4 it meets something that Fairlead does not know.",
            "",
            "Examples:",
            "  iptables-save | fairlead trace --rules - --from 10.244.0.7 --to 10.96.0.10:53/udp",
            "  fairlead trace --kernel --from 192.0.2.1 --to 10.210.40.172:30080 --in eth0"
        },
        customSynopsis =
                "fairlead trace --rules FILE|--kernel|--live --from ADDR[:PORT] --to ADDR:PORT[/PROTO] [FLAG...]",
        sortOptions = false)
final class TraceCommand implements Callable<Integer> {

    /** Some way ends in a refusal. */
    static final int REFUSED = 3;

    /** Some way ends in something that is not known. */
    static final int UNKNOWN = 4;

    /** How the answer is printed. */
    enum Format {
        TEXT,
        JSON
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = "--rules",
            paramLabel = "FILE",
            description = "What iptables-save or ip6tables-save printed; - for standard input.")
    private @Nullable Path rules;

    @Option(names = "--kernel", description = "This machine's rules as they are now (as root).")
    private boolean kernel;

    @Option(
            names = "--live",
            description =
                    "Follow real packets: the kernel traces those of this flow while they come (as root; rules of nftables"
                            + " and of iptables' nf_tables back end).")
    private boolean live;

    @Option(names = "--seconds", paramLabel = "N", description = "How long --live waits (default: 10).")
    private int seconds = 10;

    @Option(names = "--packets", paramLabel = "N", description = "How many packets --live follows (default: 1).")
    private int packets = 1;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private PacketFlags flags = new PacketFlags();

    @Option(names = "--all", description = "Print every way in full, however many endpoints there are.")
    private boolean all;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            description = "For people (the default) or for programs.")
    private Format format = Format.TEXT;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        if ((kernel ? 1 : 0) + (live ? 1 : 0) + (rules != null ? 1 : 0) != 1) {
            throw new ParameterException(spec.commandLine(), "give one of --rules FILE, --kernel and --live");
        }
        if (live) {
            return follow();
        }
        var trace = trace();
        var out = spec.commandLine().getOut();
        switch (format) {
            case TEXT -> new TraceText(out, Colour.isWanted(), all).print(trace);
            case JSON -> TraceJson.print(trace, out);
        }
        out.flush();
        return status(trace);
    }

    private int follow() throws IOException {
        if (seconds < 1 || packets < 1 || format != Format.TEXT) {
            throw new ParameterException(
                    spec.commandLine(), "--live needs --seconds and --packets above 0 and prints text only");
        }
        var packet = flags.packet(flags.host(Set.of()));
        var listing = TraceRules.listing(packet.family());
        var out = spec.commandLine().getOut();
        if (TraceRules.isLegacy(packet.family())) {
            out.println(
                    "The rules of iptables' legacy back end do not report what they do and are missing here; use --kernel");
        }
        boolean any = LiveReport.run(packet, listing, Duration.ofSeconds(seconds), packets, out);
        if (!any) {
            out.println("No such packet came in " + seconds + " s");
        }
        out.flush();
        return any ? 0 : REFUSED;
    }

    private Trace trace() throws IOException {
        var facts = kernel ? TraceRules.machine() : TraceRules.unknown();
        var host = flags.host(facts);
        try {
            var packet = flags.packet(host);
            var read = Optional.ofNullable(rules);
            var known = read.isPresent()
                    ? TraceRules.of(read.get(), packet.family())
                    : TraceRules.ofKernel(packet.family());
            return new Tracer(host, known).trace(packet);
        } catch (RuleSyntaxException e) {
            throw new IOException(rules + ": " + e.getMessage() + "; expected what iptables-save prints", e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    static int status(Trace trace) {
        var fates = trace.outcomes().keySet().stream()
                .map(outcome -> outcome.fate())
                .toList();
        if (fates.contains(Fate.UNKNOWN)) {
            return UNKNOWN;
        }
        return fates.contains(Fate.DROPPED) || fates.contains(Fate.REJECTED) ? REFUSED : 0;
    }
}
