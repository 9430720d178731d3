package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.Locale;

/**
 * Which Host headers are answered. A name that somebody else's DNS resolves to this machine would let that somebody's page, in
 * a browser on this machine, read what only this machine may (DNS rebinding); an address cannot be rebound.
 */
final class HostCheck {

    private HostCheck() {}

    static boolean admits(String host) {
        int bracket = host.lastIndexOf(']');
        int colon = host.lastIndexOf(':');
        var name = colon > bracket ? host.substring(0, colon) : host;
        var port = colon > bracket ? host.substring(colon + 1) : "0";
        if (!port.matches("[0-9]{1,5}")) {
            return false;
        }
        if (name.startsWith("[") && name.endsWith("]")) {
            return IpAddress.tryParse(name.substring(1, name.length() - 1)).isPresent();
        }
        return name.toLowerCase(Locale.ROOT).equals("localhost")
                || name.indexOf(':') < 0 && IpAddress.tryParse(name).isPresent();
    }
}
