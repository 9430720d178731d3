package io.fairlead.lab.kubelet;

import io.fairlead.lab.net.LabNode;
import io.fairlead.lab.program.Container;
import io.fairlead.lab.program.ContainerLog;
import io.fairlead.lab.program.Image;
import io.fairlead.lab.program.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts a pod's containers, watches over them, and asks them to end. */
record ContainerStarter(LabNode node, KubeletSetup setup, PodSpec pod, Consumer<PodSignal> signals, Events events) {

    private static final Duration ERROR_SHOWN = Duration.ofSeconds(3);
    private static final Duration PULL_BACK_OFF = Duration.ofSeconds(20);
    private static final Duration START_BACK_OFF = Duration.ofSeconds(10);

    /** Tells about the pod. */
    @FunctionalInterface
    interface Events {
        void record(String type, String reason, String message);
    }

    void startIfDue(ContainerUnit unit, Sandbox sandbox) {
        var now = Instant.now();
        if (unit.due().filter(due -> !due.isAfter(now)).isEmpty()) {
            return;
        }
        var image = setup.images().find(unit.spec().image());
        if (image.isEmpty()) {
            notFound(unit, now);
        } else {
            start(unit, image.get(), sandbox, now);
        }
    }

    /** Says so for a moment, then waits, then tries again: what a user knows from a mistyped name. */
    private void notFound(ContainerUnit unit, Instant now) {
        String image = "\"" + unit.spec().image() + "\"";
        if (unit.state() instanceof ContainerState.Waiting(var reason, var _) && reason.equals("ErrImagePull")) {
            String message = "Back-off pulling image " + image;
            events.record("Normal", "BackOff", message);
            events.record("Warning", "Failed", "Error: ImagePullBackOff");
            unit.waitFor("ImagePullBackOff", message, now.plus(PULL_BACK_OFF));
            return;
        }
        String known = String.join(
                ", ", setup.images().byName().keySet().stream().sorted().toList());
        String message = "failed to pull image " + image + ": not found; the lab has " + known;
        events.record("Normal", "Pulling", "Pulling image " + image);
        events.record("Warning", "Failed", "F" + message.substring(1));
        events.record("Warning", "Failed", "Error: ErrImagePull");
        unit.waitFor("ErrImagePull", message, now.plus(ERROR_SHOWN));
    }

    private void start(ContainerUnit unit, Image image, Sandbox sandbox, Instant now) {
        var container = unit.spec();
        try {
            var file = unit.nextLog();
            Files.createDirectories(file.getParent());
            var log = ContainerLog.create(file);
            var program = image.start(new Container(
                    pod.name(),
                    node.name(),
                    sandbox.namespace(),
                    sandbox.addresses(),
                    container.ports(),
                    container.arguments(),
                    container.environment(),
                    log));
            unit.started(program, now);
            watch(unit, program, sandbox, log);
            events.record(
                    "Normal", "Pulled", "Container image \"" + container.image() + "\" already present on machine");
            events.record("Normal", "Created", "Container created");
            events.record("Normal", "Started", "Container started");
        } catch (IOException | RuntimeException e) {
            events.record("Warning", "Failed", "Error: " + e.getMessage());
            unit.waitFor("RunContainerError", String.valueOf(e.getMessage()), now.plus(START_BACK_OFF));
        }
    }

    private void watch(ContainerUnit unit, Program program, Sandbox sandbox, ContainerLog log) {
        var _ = program.exit().thenAccept(status -> {
            log.close();
            signals.accept(new PodSignal.Ended(unit, program, status));
        });
        Optional<ReadinessProbe> probe = unit.spec().readiness();
        probe.ifPresent(asked -> Thread.ofVirtual()
                .start(new ProbeLoop(
                        asked, node.namespace(), sandbox.addresses().ipv4(), unit, program, signals)));
    }

    /** Waits for preStop and then asks the program to end. */
    void stop(ContainerUnit unit, Program program) {
        try {
            Thread.sleep(unit.spec().preStop());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        program.terminate();
    }
}
