package io.fairlead.lab.kubelet;

import io.fairlead.lab.net.NetworkNamespace;
import io.fairlead.lab.program.Program;
import io.fairlead.netfilter.ip.IpAddress;
import java.util.Optional;
import java.util.function.Consumer;

/** Probes one program until it ends, and tells what changes. */
record ProbeLoop(
        ReadinessProbe probe,
        NetworkNamespace from,
        IpAddress pod,
        ContainerUnit unit,
        Program program,
        Consumer<PodSignal> tell)
        implements Runnable {

    @Override
    public void run() {
        try {
            Thread.sleep(probe.initialDelay());
            int good = 0;
            int bad = 0;
            while (!program.exit().isDone()) {
                Optional<String> problem = probe.ask(from, pod);
                good = problem.isPresent() ? 0 : good + 1;
                bad = problem.isPresent() ? bad + 1 : 0;
                if (good == probe.successes() || bad >= probe.failures()) {
                    tell.accept(new PodSignal.Probed(unit, program, problem.isEmpty(), problem.orElse("")));
                }
                Thread.sleep(probe.period());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
