package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.apiserver.ApiException;
import io.fairlead.lab.apiserver.ResourceTypes;
import io.fairlead.lab.net.LabNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod from its binding to its end, on a thread of its own: everything else only sends it {@link PodSignal signals}.
 *
 * <p>An object that is being deleted is honoured as the kubelet does it: preStop, SIGTERM, the rest of the grace period,
 * SIGKILL; only then is the object removed. One that is gone already is killed. While the node is cut off nothing is heard of
 * its pods, and they do not hear that they are to be deleted.
 */
final class PodWorker implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(PodWorker.class);
    private static final Duration SANDBOX_RETRY = Duration.ofSeconds(5);
    private static final Duration FOREVER = Duration.ofDays(1);

    private final LabNode node;
    private final KubeletSetup setup;
    private final PodNumbers numbers;
    private final BooleanSupplier connected;
    private final PodSpec spec;
    private final PodFiles files;
    private final List<ContainerUnit> units;
    private final ContainerStarter starter;
    private final LinkedBlockingQueue<PodSignal> signals = new LinkedBlockingQueue<>();
    private final Instant started = Instant.now();
    private ObjectNode pod;
    private Optional<Sandbox> sandbox = Optional.empty();

    PodWorker(LabNode node, KubeletSetup setup, PodNumbers numbers, BooleanSupplier connected, ObjectNode pod) {
        this.node = node;
        this.setup = setup;
        this.numbers = numbers;
        this.connected = connected;
        this.pod = pod;
        this.spec = PodSpec.of(pod);
        this.files = new PodFiles(setup.folder(), spec);
        this.units = spec.containers().stream()
                .map(container -> new ContainerUnit(container, spec.uid(), files.logs(container.name())))
                .toList();
        this.starter = new ContainerStarter(node, setup, spec, signals::add, this::event);
    }

    void send(PodSignal signal) {
        signals.add(signal);
    }

    String uid() {
        return spec.uid();
    }

    /** The log of a container's present or previous run; while it waits for the next one, the last is both. */
    Optional<Path> log(String container, boolean previous) {
        boolean runs = units.stream()
                .anyMatch(unit ->
                        unit.spec().name().equals(container) && unit.program().isPresent());
        return files.log(container, previous && runs);
    }

    @Override
    public void run() {
        try {
            live();
        } catch (InterruptedException e) {
            LOG.warn("pod {} on {}: interrupted", spec.name(), node);
        } catch (RuntimeException e) {
            LOG.error("pod {} on {}: given up", spec.name(), node, e);
        } finally {
            Thread.interrupted(); // cleaning up is not to be interrupted
            release();
        }
    }

    private void live() throws InterruptedException {
        while (true) {
            openSandbox();
            sandbox.ifPresent(open -> units.forEach(unit -> starter.startIfDue(unit, open)));
            publish();
            var signal = signals.poll(untilDue().toMillis(), TimeUnit.MILLISECONDS);
            if (signal instanceof PodSignal.Gone) {
                return;
            }
            take(signal);
            if (isTerminating() && connected.getAsBoolean()) {
                terminate();
                return;
            }
        }
    }

    private void take(@Nullable PodSignal signal) {
        switch (signal) {
            case null -> {}
            case PodSignal.Gone(), PodSignal.Reconnected() -> {}
            case PodSignal.Changed(var now) -> pod = now;
            case PodSignal.Ended(var unit, var program, var status) -> {
                if (unit.program().equals(Optional.of(program))) {
                    unit.ended(status, spec.restart().restartsAfter(status) && !isTerminating(), Instant.now());
                }
            }
            case PodSignal.Probed(var unit, var program, var ready, var problem) -> {
                if (unit.program().equals(Optional.of(program))) {
                    unit.probed(ready);
                    if (!ready) {
                        event("Warning", "Unhealthy", "Readiness probe failed: " + problem);
                    }
                }
            }
        }
    }

    private boolean isTerminating() {
        return pod.path("metadata").has("deletionTimestamp");
    }

    private void openSandbox() {
        if (sandbox.isPresent()) {
            return;
        }
        try {
            var open = Sandbox.open(node, numbers, spec);
            sandbox = Optional.of(open);
            files.open(open.namespace().name());
        } catch (IOException | RuntimeException e) {
            event("Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
        }
    }

    private Duration untilDue() {
        if (sandbox.isEmpty()) {
            return SANDBOX_RETRY;
        }
        var now = Instant.now();
        return units.stream()
                .flatMap(unit -> unit.due().stream())
                .map(due -> Duration.between(now, due).plusMillis(1))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
                .min(Duration::compareTo)
                .orElse(FOREVER);
    }

    private void terminate() throws InterruptedException {
        var grace = Duration.ofSeconds(
                pod.path("metadata").path("deletionGracePeriodSeconds").asLong(30));
        var deadline = Instant.now().plus(grace);
        for (var unit : units) {
            unit.program().ifPresent(program -> {
                event("Normal", "Killing", "Stopping container " + unit.spec().name());
                Thread.ofVirtual().start(() -> starter.stop(unit, program));
            });
        }
        while (units.stream().anyMatch(unit -> unit.program().isPresent())
                && Instant.now().isBefore(deadline)) {
            long left = Duration.between(Instant.now(), deadline).toMillis();
            var signal = signals.poll(Math.max(1, left), TimeUnit.MILLISECONDS);
            if (signal instanceof PodSignal.Gone) {
                return;
            }
            take(signal);
            if (signal instanceof PodSignal.Changed(var now)) {
                var sooner = Instant.parse(
                        now.path("metadata").path("deletionTimestamp").asText());
                deadline = sooner.isBefore(deadline) ? sooner : deadline;
            }
            if (signal instanceof PodSignal.Ended) {
                publish();
            }
        }
        release();
        remove();
    }

    /** Writes the status, unless the object has become another one's or the node is cut off. */
    private void publish() {
        if (!connected.getAsBoolean()) {
            return;
        }
        var status = new PodStatus(node, started, sandbox, units, Instant.now());
        try {
            setup.store().edit(ResourceTypes.PODS, spec.name(), stored -> {
                if (stored.path("metadata").path("uid").asText().equals(spec.uid())) {
                    status.writeTo(stored);
                }
                return stored;
            });
        } catch (ApiException e) {
            LOG.debug("status of pod {} not written: {}", spec.name(), e.getMessage());
        }
    }

    private void remove() {
        try {
            var present = setup.store().get(ResourceTypes.PODS, spec.name());
            if (present.isPresent()
                    && present.get().field(List.of("metadata", "uid")).equals(spec.uid())) {
                setup.store().delete(ResourceTypes.PODS, spec.name());
            }
        } catch (ApiException e) {
            LOG.debug("pod {} not removed: {}", spec.name(), e.getMessage());
        }
    }

    /** Kills what runs and removes what was made; the second time nothing is left to do. */
    private void release() {
        for (var unit : units) {
            unit.program().ifPresent(program -> {
                program.kill();
                unit.ended(program.exit().join(), false, Instant.now());
            });
        }
        sandbox.ifPresent(Sandbox::close);
        sandbox = Optional.empty();
        files.remove();
    }

    private void event(String type, String reason, String message) {
        setup.events().record(pod, type, reason, message, node.name());
    }
}
