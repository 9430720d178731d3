package io.fairlead.netfilter.iptables;

/** Carries the reason why the kernel would refuse an operation out of a script that is being replayed. */
final class KernelRefusal extends RuntimeException {

    KernelRefusal(String reason) {
        super(reason, null, false, false);
    }
}
