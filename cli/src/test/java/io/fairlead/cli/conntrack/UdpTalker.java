package io.fairlead.cli.conntrack;

import io.fairlead.lab.net.LabPod;
import io.fairlead.netfilter.ip.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that never pauses: a datagram every 20 ms from one port, and who answers. It ends with its pod. */
final class UdpTalker implements AutoCloseable {

    private static final int INTERVAL_MILLIS = 20;

    private final DatagramChannel channel;
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();

    private UdpTalker(DatagramChannel channel) {
        this.channel = channel;
    }

    static UdpTalker start(LabPod pod, int sourcePort, IpAddress to, int port) throws IOException {
        var channel = pod.namespace()
                .call(() -> DatagramChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress("0.0.0.0", sourcePort)));
        var talker = new UdpTalker(channel);
        pod.namespace().closeWith(talker);
        var peer = new InetSocketAddress(to.toInetAddress(), port);
        Thread.ofPlatform().daemon().name("talker-" + sourcePort).start(() -> talker.send(peer));
        Thread.ofPlatform().daemon().name("listener-" + sourcePort).start(talker::receive);
        return talker;
    }

    private void send(InetSocketAddress peer) {
        while (channel.isOpen()) {
            try {
                channel.send(ByteBuffer.wrap("who?\n".getBytes(StandardCharsets.US_ASCII)), peer);
                Thread.sleep(INTERVAL_MILLIS);
            } catch (ClosedChannelException | InterruptedException e) {
                return;
            } catch (IOException e) {
                // A refusal that came back for the datagram before; the client does not care.
            }
        }
    }

    private void receive() {
        var buffer = ByteBuffer.allocate(512);
        while (channel.isOpen()) {
            try {
                channel.receive(buffer.clear());
                var text = StandardCharsets.US_ASCII.decode(buffer.flip()).toString();
                answers.add(text.substring(0, text.indexOf(' ')));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                // As above.
            }
        }
    }

    /** Who answers what is sent from now on; empty when nobody does for a while. */
    String answeredBy() throws InterruptedException {
        // Answers on their way may still be from before.
        Thread.sleep(2 * INTERVAL_MILLIS);
        answers.clear();
        var answer = answers.poll(500, TimeUnit.MILLISECONDS);
        return answer == null ? "" : answer;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
