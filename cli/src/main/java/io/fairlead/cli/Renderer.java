package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpAddress;
import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.iptables.RestorePrinter;
import io.fairlead.netfilter.nftables.print.NftPrinter;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.cluster.Node;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.iptables.Rendering;
import io.fairlead.proxy.iptables.RuleSettings;
import io.fairlead.proxy.nftables.NftRendering;
import io.fairlead.proxy.nftables.NftSettings;
import io.fairlead.proxy.routing.Router;
import io.fairlead.proxy.source.ManifestException;
import io.fairlead.proxy.source.ManifestSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Prints rules without touching the kernel. */
final class Renderer {

    private static final Logger log = LoggerFactory.getLogger(Renderer.class);

    /** What every machine has, besides the addresses that its Node object names. */
    private static final List<IpAddress> LOOPBACK = List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));

    private Renderer() {}

    /**
     * Prints.
     *
     * @return the exit status
     */
    static int run(RenderInvocation invocation, PrintWriter out) throws ManifestException {
        var nodeName = invocation.node().orElse("");
        var image = read(invocation, nodeName);
        var addresses = image.node().map(Node::addresses).orElse(List.of());
        var nodeIps = NodeIps.detect(invocation.config().bindAddress(), addresses);
        var family = invocation.family().orElse(nodeIps.primary());
        if (invocation.config().proxyMode() == ProxyMode.NFTABLES) {
            printNft(nftRendering(invocation, nodeName, image, nodeIps, family), out);
        } else {
            print(rendering(invocation, nodeName, image, nodeIps, family), invocation.format(), out);
        }
        return CommandLine.ExitCode.OK;
    }

    private static ClusterImage read(RenderInvocation invocation, String nodeName) throws ManifestException {
        var changes = ManifestSource.readOnce(invocation.files(), nodeName, System.in, log::warn);
        var delta = new ClusterDelta(ClusterImage.EMPTY);
        changes.forEach(delta::replay);
        return delta.apply();
    }

    private static Rendering rendering(
            RenderInvocation invocation, String nodeName, ClusterImage image, NodeIps nodeIps, IpFamily family) {
        var config = invocation.config();
        var machine = new ArrayList<>(LOOPBACK);
        image.node().map(Node::addresses).ifPresent(machine::addAll);
        var settings = RuleSettings.of(
                        config,
                        nodeIps,
                        image.node().map(Node::podCidrs).orElse(List.of()),
                        family,
                        invocation.randomFully(),
                        !config.conntrack().tcpBeLiberal())
                .withCounters(invocation.nfacct(), invocation.nfacct())
                .withMachineAddresses(machine);
        var table = new Router(family, nodeName, config.externalIpsAllowed()).route(image);
        return new Rendering(table, settings);
    }

    private static NftRendering nftRendering(
            RenderInvocation invocation, String nodeName, ClusterImage image, NodeIps nodeIps, IpFamily family) {
        var config = invocation.config();
        var machine = new ArrayList<>(LOOPBACK);
        image.node().map(Node::addresses).ifPresent(machine::addAll);
        var podCidrs = image.node().map(Node::podCidrs).orElse(List.of());
        var settings = NftSettings.of(config, nodeIps, podCidrs, family).withMachineAddresses(machine);
        return new NftRendering(new Router(family, nodeName, config.externalIpsAllowed()).route(image), settings);
    }

    private static void printNft(NftRendering rendering, PrintWriter out) {
        try {
            NftPrinter.print(rendering.appliedToEmptyKernel(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void print(Rendering rendering, RenderInvocation.Format format, PrintWriter out) {
        switch (format) {
            case RESTORE -> rendering.restoreInput().writeTo(new RestorePrinter(out));
            case NFT -> throw new IllegalStateException("rules of iptables mode are not printed in nft's syntax");
            case SAVE -> {
                try {
                    rendering.appliedToEmptyKernel().print(out);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
