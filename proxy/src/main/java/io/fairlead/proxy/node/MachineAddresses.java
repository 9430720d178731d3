package io.fairlead.proxy.node;

import io.fairlead.netfilter.ip.IpAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.TreeSet;

/** The IP addresses of this machine's interfaces. */
public final class MachineAddresses {

    private MachineAddresses() {}

    /** All addresses of all interfaces, both families, each once, in order. */
    public static List<IpAddress> list() throws SocketException {
        var addresses = new TreeSet<IpAddress>();
        NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(IpAddress::of)
                .forEach(addresses::add);
        return List.copyOf(addresses);
    }
}
