package io.fairlead.proxy.conntrack;

import io.fairlead.netfilter.conntrack.Conntrack;
import io.fairlead.netfilter.conntrack.ConntrackFlow;
import io.fairlead.netfilter.conntrack.FlowFilter;
import java.io.IOException;
import java.util.function.Consumer;

/** The kernel's table, as far as it is needed here. */
interface FlowTable extends AutoCloseable {

    /** Opens the table anew for each reconciliation: a socket that failed is not used again. */
    @FunctionalInterface
    interface Opener {
        FlowTable open() throws IOException;
    }

    /** @return whether the list is complete */
    boolean list(FlowFilter filter, Consumer<ConntrackFlow> each) throws IOException;

    /** @return false when it was gone already */
    boolean delete(ConntrackFlow flow) throws IOException;

    @Override
    void close();

    static FlowTable ofKernel() throws IOException {
        var conntrack = Conntrack.open();
        return new FlowTable() {
            @Override
            public boolean list(FlowFilter filter, Consumer<ConntrackFlow> each) throws IOException {
                return conntrack.list(filter, each);
            }

            @Override
            public boolean delete(ConntrackFlow flow) throws IOException {
                return conntrack.delete(flow);
            }

            @Override
            public void close() {
                conntrack.close();
            }
        };
    }
}
