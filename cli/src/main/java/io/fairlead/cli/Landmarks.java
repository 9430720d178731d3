package io.fairlead.cli;

import io.fairlead.netfilter.trace.RuleRef;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whose rule is it, and for which Service? Told from names of chains and comments, as their programs give them. */
final class Landmarks {

    /** What service proxies write in front of comments: {@code namespace/name} or {@code namespace/name:port}. */
    private static final Pattern SERVICE =
            Pattern.compile("([a-z0-9][a-z0-9.-]*/[a-z0-9][a-z0-9.-]*(?::[A-Za-z0-9-]+)?)( .*)?");

    private record Owner(String name, Pattern chains) {}

    private static final List<Owner> OWNERS = List.of(
            owner("kubelet", "KUBE-(FIREWALL|MARK-DROP|KUBELET-CANARY|IPTABLES-HINT)"),
            owner("Docker", "DOCKER.*"),
            owner("libvirt", "(LIBVIRT|LIBVIRT6)_.*"),
            owner("flannel", "FLANNEL-.*"),
            owner("Calico", "cali[-:].*"),
            owner("Cilium", "(OLD_)?CILIUM_.*"),
            owner("Weave", "WEAVE.*"),
            owner("a CNI plugin", "CNI-.*"),
            owner("Istio", "ISTIO_.*"),
            owner("firewalld", "(IN|FWD|FWDI|FWDO|PRE|POST|OUT|INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING)_.+"),
            owner("ufw", "ufw6?-.*"));

    private Landmarks() {}

    private static Owner owner(String name, String chains) {
        return new Owner(name, Pattern.compile(chains));
    }

    /** The Service port that a rule of a service proxy is about. */
    static Optional<String> service(RuleRef rule) {
        if (!isProxys(rule.chain()) && !rule.table().endsWith("kube-proxy")) {
            return Optional.empty();
        }
        return rule.comment().map(SERVICE::matcher).filter(Matcher::matches).map(found -> found.group(1));
    }

    /**
     * Who else's rule this is; empty for a service proxy's.
     *
     * @param leadsTo the chain that the rule leads to, or empty
     */
    static Optional<String> owner(RuleRef rule, String leadsTo) {
        for (var chain : List.of(rule.chain(), leadsTo)) {
            for (var owner : OWNERS) {
                if (owner.chains().matcher(chain).matches()) {
                    return Optional.of(owner.name());
                }
            }
            if (isProxys(chain) || rule.table().endsWith("kube-proxy")) {
                return Optional.empty();
            }
        }
        return Optional.of(
                rule.comment().filter(text -> text.startsWith("flanneld")).isPresent() ? "flannel" : "somebody else");
    }

    private static boolean isProxys(String chain) {
        return chain.startsWith("KUBE-");
    }
}
