/**
 * kube-proxy's iptables mode: the same chains, names and rules (spec: iptables mode of kube-proxy 1.36), written as
 * differences against what was applied.
 */
@NullMarked
package io.fairlead.proxy.iptables;

import org.jspecify.annotations.NullMarked;
