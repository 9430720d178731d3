package io.fairlead.netfilter.trace;

import io.fairlead.netfilter.netlink.Attributes;
import io.fairlead.netfilter.netlink.MalformedMessageException;
import io.fairlead.netfilter.netlink.NetlinkException;
import io.fairlead.netfilter.netlink.NetlinkSocket;
import io.fairlead.netfilter.netlink.NetlinkSubscription;
import io.fairlead.netfilter.nftables.Chain;
import io.fairlead.netfilter.nftables.Cmp;
import io.fairlead.netfilter.nftables.Data;
import io.fairlead.netfilter.nftables.Expression;
import io.fairlead.netfilter.nftables.Family;
import io.fairlead.netfilter.nftables.Field;
import io.fairlead.netfilter.nftables.Hook.Point;
import io.fairlead.netfilter.nftables.Immediate;
import io.fairlead.netfilter.nftables.Limit;
import io.fairlead.netfilter.nftables.Register;
import io.fairlead.netfilter.nftables.Rule;
import io.fairlead.netfilter.nftables.Table;
import io.fairlead.netfilter.nftables.TableId;
import io.fairlead.netfilter.nftables.Transaction;
import io.fairlead.netfilter.nftables.Unknown;
import io.fairlead.netfilter.nftables.kernel.Nftables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernel's own trace of real packets of one flow: {@code meta nftrace set 1}, in a table of our own that asks before
 * every other and is gone when this is closed. Tables whose process was killed are removed by the next one.
 *
 * <p>Rules of iptables' legacy back end do not report. In the network namespace of the thread that opens it; needs
 * CAP_NET_ADMIN. Not for concurrent use.
 */
public final class LiveTrace implements AutoCloseable {

    private static final String PREFIX = "fairlead-trace-";

    /** include/uapi/linux/netfilter/nfnetlink.h: enum nfnetlink_groups */
    private static final int NFNLGRP_NFTRACE = 9;

    private static final int QUEUE_BYTES = 1 << 20;

    /** Before NF_IP_PRI_RAW. */
    private static final int FIRST = -350;

    private final Nftables nftables;
    private final NetlinkSubscription events;
    private final TableId table;

    private LiveTrace(Nftables nftables, NetlinkSubscription events, TableId table) {
        this.nftables = nftables;
        this.events = events;
        this.table = table;
    }

    /**
     * Begins.
     *
     * @param flow ports that are 0 stand for any
     * @param perSecond packets of the flow that are traced at most
     */
    public static LiveTrace open(Packet flow, int perSecond) throws IOException {
        var nftables = Nftables.open();
        try {
            removeAbandoned(nftables);
            var events = NetlinkSubscription.open(NetlinkSocket.NETLINK_NETFILTER, QUEUE_BYTES, NFNLGRP_NFTRACE);
            try {
                var table = new TableId(
                        Family.of(flow.family()),
                        PREFIX + ProcessHandle.current().pid());
                nftables.commit(transaction(table, flow, perSecond));
                return new LiveTrace(nftables, events, table);
            } catch (IOException e) {
                events.close();
                throw e;
            }
        } catch (IOException e) {
            nftables.close();
            throw e;
        }
    }

    private static void removeAbandoned(Nftables nftables) throws IOException {
        for (var table : nftables.consistently(dump -> dump.tables())) {
            var name = table.id().name();
            if (name.matches(PREFIX + "[0-9]+") && !Files.exists(Path.of("/proc", name.substring(PREFIX.length())))) {
                nftables.commit(new Transaction(table.id()).deleteTable());
            }
        }
    }

    private static Transaction transaction(TableId table, Packet flow, int perSecond) {
        var transaction = new Transaction(table);
        transaction.add(new Table(table, false, "made by fairlead trace --live, may be deleted"));
        for (var point : List.of(Point.PREROUTING, Point.OUTPUT)) {
            var chain = Chain.base(point.toString(), io.fairlead.netfilter.nftables.Hook.filter(point, FIRST));
            transaction.add(chain);
            transaction.add(chain.name(), rule(flow, perSecond));
        }
        return transaction;
    }

    private static Rule rule(Packet flow, int perSecond) {
        var expressions = new ArrayList<Expression>();
        equal(Field.META_L4PROTO, Data.ofByte(Headers.protocol(flow.protocol())), expressions);
        equal(Field.saddr(flow.family()), Data.of(flow.source().address()), expressions);
        equal(Field.daddr(flow.family()), Data.of(flow.destination().address()), expressions);
        if (flow.source().port() != 0) {
            equal(Field.TH_SPORT, Data.ofShort(flow.source().port()), expressions);
        }
        if (flow.destination().port() != 0) {
            equal(Field.TH_DPORT, Data.ofShort(flow.destination().port()), expressions);
        }
        expressions.add(new Limit(perSecond, 1, perSecond, Limit.Type.PACKETS, false));
        expressions.add(new Immediate(Register.R1, Data.ofByte(1)));
        expressions.add(setNftrace());
        return new Rule(expressions, "");
    }

    private static void equal(Field field, Data value, List<Expression> expressions) {
        expressions.add(field.load(Register.R1));
        expressions.add(new Cmp(Cmp.Op.EQ, Register.R1, value));
    }

    /** {@code meta nftrace set} what the first register holds: NFTA_META_KEY is NFT_META_NFTRACE, NFTA_META_SREG. */
    private static Expression setNftrace() {
        var attributes = ByteBuffer.allocate(2 * Attributes.size(Integer.BYTES));
        Attributes.put(attributes, 2, new byte[] {0, 0, 0, 12});
        Attributes.put(attributes, 3, new byte[] {0, 0, 0, 1});
        return new Unknown("meta", Data.of(attributes.array()));
    }

    /** The table that marks packets, which shows up in its own traces. */
    public TableId table() {
        return table;
    }

    /**
     * Waits for what the kernel says next; what it says too fast is lost.
     *
     * @return empty when the time is over
     */
    public List<TraceEvent> next(Duration timeout) throws IOException {
        var read = new ArrayList<TraceEvent>();
        try {
            for (var message : events.next(timeout)) {
                TraceEvent.read(message).ifPresent(read::add);
            }
        } catch (MalformedMessageException e) {
            throw new IOException("the kernel's trace cannot be read: " + e.getMessage(), e);
        } catch (NetlinkException e) {
            if (e.errno() != NetlinkException.ENOBUFS) {
                throw e;
            }
        }
        return read;
    }

    /** Takes the table away. */
    @Override
    public void close() throws IOException {
        events.close();
        try {
            nftables.commit(new Transaction(table).deleteTable());
        } finally {
            nftables.close();
        }
    }
}
