package io.fairlead.proxy.inspect;

import io.fairlead.netfilter.ip.IpFamily;
import io.fairlead.proxy.dataplane.Dataplane;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.dataplane.Finding;
import io.fairlead.proxy.routing.RoutingTable;
import java.util.ArrayList;
import java.util.List;

/**
 * How the kernel differs from what one family should be.
 *
 * @param findings some of them, those of one place together
 * @param total how many there are
 */
public record KernelState(IpFamily family, List<Finding> findings, int total) {

    /** Of more differences only the number is told. */
    public static final int FINDINGS = 2000;

    public KernelState {
        findings = List.copyOf(findings);
    }

    /**
     * Reads the kernel.
     *
     * @param limit how many findings to keep
     */
    public static KernelState read(Dataplane dataplane, RoutingTable desired, int limit) throws DataplaneException {
        var findings = new ArrayList<Finding>();
        var total = new int[1];
        dataplane.audit(desired, finding -> {
            if (total[0]++ < limit) {
                findings.add(finding);
            }
        });
        return new KernelState(dataplane.family(), findings, total[0]);
    }
}
