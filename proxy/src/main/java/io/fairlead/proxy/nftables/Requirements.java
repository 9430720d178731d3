package io.fairlead.proxy.nftables;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.NftSet;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import io.fairlead.netfilter.nftables.kernel.TransactionException;
import io.fairlead.proxy.config.NodeIps;
import io.fairlead.proxy.config.ProxyConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What nftables mode asks of the kernel, looked at before anything is written (spec section 3.9). */
public final class Requirements {

    /** kube-proxy's; older kernels have bugs in what it uses. */
    private static final List<Integer> OLDEST = List.of(5, 13);

    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*", Pattern.DOTALL);

    private static final String TRIAL = "fairlead-trial";

    private Requirements() {}

    /**
     * Whether the kernel is recent enough.
     *
     * @param release {@code /proc/sys/kernel/osrelease}
     * @return what is wrong
     */
    public static Optional<String> ofRelease(String release) {
        var numbers = RELEASE.matcher(release.strip());
        if (numbers.matches()) {
            int major = Integer.parseInt(numbers.group(1));
            int minor = Integer.parseInt(numbers.group(2));
            if (major > OLDEST.get(0) || major == OLDEST.get(0) && minor >= OLDEST.get(1)) {
                return Optional.empty();
            }
        }
        return Optional.of("nftables mode requires kernel 5.13 or later, this one is " + release.strip()
                + "; use --proxy-mode=iptables, or set KUBE_PROXY_NFTABLES_SKIP_KERNEL_VERSION_CHECK if its nftables"
                + " have been brought up to date");
    }

    /**
     * Has the kernel look at rules of every kind we write, without applying any.
     *
     * @return what it refuses
     */
    public static Optional<String> ofKernel(IpFamily family) {
        try (var nftables = Nftables.open()) {
            nftables.check(trial(family));
            return Optional.empty();
        } catch (TransactionException e) {
            return Optional.of(
                    e.errno() == NetlinkException.EPERM
                            ? "nftables may not be changed; run as root (CAP_NET_ADMIN)"
                            : "this kernel does not take the nftables rules of " + family + ": " + e.getMessage()
                                    + "; it may lack a module (nf_tables, nft_chain_nat, nft_nat, nft_masq, nft_ct,"
                                    + " nft_fib_ipv4, nft_fib_ipv6, nft_reject, nft_numgen); use"
                                    + " --proxy-mode=iptables otherwise");
        } catch (IOException e) {
            return Optional.of("this kernel has no nftables: " + e.getMessage() + "; use --proxy-mode=iptables");
        }
    }

    private static Transaction trial(IpFamily family) {
        var config = ProxyConfig.DEFAULT;
        var settings = NftSettings.of(config, NodeIps.detect("", List.of()), List.of(), family);
        var trial = new Transaction(new TableId(Family.of(family), TRIAL));
        trial.add(Table.of(Family.of(family), TRIAL).withComment("never applied"));
        FixedSets.of(settings).byName().values().forEach(trial::add);
        NftSet affinity = FixedSets.affinity(family, Names.AFFINITY_PREFIX + "trial", 1);
        trial.add(affinity);
        var chains = new FixedTable(settings, List.of()).chains();
        chains.forEach(plan -> trial.add(plan.chain()));
        var shape = Shape.externalLocal(false, 2, 0).plan(settings);
        var pick = Shape.pick(false, 2).plan(settings);
        trial.add(pick.chain()).add(shape.chain());
        chains.forEach(plan -> plan.rules().forEach(rule -> trial.add(plan.name(), rule)));
        pick.rules().forEach(rule -> trial.add(pick.name(), rule));
        shape.rules().forEach(rule -> trial.add(shape.name(), rule));
        return trial;
    }
}
