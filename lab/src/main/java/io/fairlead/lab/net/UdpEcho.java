package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;

/** Answers every datagram with one. */
final class UdpEcho implements Echo {

    private final NetworkNamespace namespace;
    private final String name;
    private final int port;
    private final List<DatagramChannel> channels;

    private UdpEcho(NetworkNamespace namespace, String name, int port, List<DatagramChannel> channels) {
        this.namespace = namespace;
        this.name = name;
        this.port = port;
        this.channels = channels;
    }

    static UdpEcho listen(NetworkNamespace namespace, String name, List<IpAddress> addresses, int port) {
        var channels = Sockets.open(
                namespace,
                addresses,
                address -> DatagramChannel.open(Sockets.family(address)).bind(Sockets.endpoint(address, port)));
        var echo = new UdpEcho(namespace, name, port, channels);
        namespace.closeWith(echo);
        channels.forEach(channel -> Thread.ofVirtual().name(name + "-udp").start(() -> echo.answer(channel)));
        return echo;
    }

    private void answer(DatagramChannel channel) {
        var buffer = ByteBuffer.allocate(2048);
        while (channel.isOpen()) {
            try {
                var client = (InetSocketAddress) channel.receive(buffer.clear());
                channel.send(ByteBuffer.wrap(EchoText.of(name, client)), client);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // This client, or the way back to it, is gone; the next one is still served.
            }
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void close() {
        namespace.forget(this);
        Sockets.closeAll(channels);
    }
}
