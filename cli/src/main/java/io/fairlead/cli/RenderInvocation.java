package io.fairlead.cli;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.config.ProxyConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code fairlead render} was asked to print.
 *
 * @param files files or directories; {@code -} is standard input
 * @param config validated
 * @param node name of the Node to render for; without it no endpoint is local
 * @param family which one; the primary one of the Node when empty
 * @param nfacct assume that the kernel has nfacct counters
 * @param randomFully assume that iptables and kernel know {@code --random-fully}
 */
public record RenderInvocation(
        List<Path> files,
        ProxyConfig config,
        Optional<String> node,
        Optional<IpFamily> family,
        Format format,
        boolean nfacct,
        boolean randomFully) {

    /** In whose language the rules are printed. */
    public enum Format {
        /** Input of iptables-restore. */
        RESTORE,
        /** What iptables-save would print afterwards. */
        SAVE,
        /** Input of nft: the table of nftables mode. */
        NFT
    }

    public RenderInvocation {
        files = List.copyOf(files);
    }
}
