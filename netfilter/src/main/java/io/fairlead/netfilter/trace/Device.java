package io.fairlead.netfilter.trace;

import java.util.Optional;

/**
 * A network interface, as far as it is known.
 *
 * @param name empty when there is none, or when it is not known
 */
record Device(String name, boolean known) {

    static final Device NONE = new Device("", true);
    static final Device UNKNOWN = new Device("", false);
    static final Device LOOPBACK = new Device("lo", true);

    static Device of(Optional<String> name) {
        return name.map(known -> new Device(known, true)).orElse(UNKNOWN);
    }

    Optional<String> text() {
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }
}
