package io.fairlead.netfilter.conntrack;

import io.fairlead.netfilter.netlink.NetlinkChannel;
import io.fairlead.netfilter.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers as the kernel does, with a table of its own: flows are found by their original tuple, and by id if one is said. */
final class TableChannel implements NetlinkChannel {

    final List<ConntrackFlow> table = new ArrayList<>();
    final Deque<Integer> errors = new ArrayDeque<>();
    int requests;

    @Override
    public List<byte[]> request(int type, int flags, byte[] payload) throws IOException {
        requests++;
        var error = errors.poll();
        if (type == Conntrack.IPCTNL_MSG_CT_GET) {
            var answers = table.stream().map(ConntrackMessage::encode).toList();
            fail(error);
            return answers;
        }
        fail(error);
        var wanted = ConntrackMessage.decode(payload);
        boolean found = table.removeIf(flow -> flow.original().equals(wanted.original())
                && flow.zone() == wanted.zone()
                && (wanted.id() == 0 || wanted.id() == flow.id()));
        fail(found ? null : NetlinkException.ENOENT);
        return List.of();
    }

    private static void fail(@Nullable Integer errno) throws NetlinkException {
        if (errno != null) {
            throw new NetlinkException("scripted", errno);
        }
    }

    @Override
    public void close() {}
}
