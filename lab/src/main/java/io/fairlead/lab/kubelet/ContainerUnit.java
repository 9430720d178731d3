package io.fairlead.lab.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.lab.program.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A container and what became of it; belongs to its pod's thread, others may ask what it runs. */
final class ContainerUnit {

    private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);
    /** Who ran that long starts with a clean slate. */
    private static final Duration STABLE = Duration.ofMinutes(10);

    private final ContainerSpec spec;
    private final String pod;
    private final Path logs;
    private ContainerState state = new ContainerState.Waiting("ContainerCreating", "");
    private Optional<ContainerState> last = Optional.empty();
    private volatile Optional<Program> program = Optional.empty();
    private Optional<Instant> due = Optional.of(Instant.EPOCH);
    private Duration backOff = Duration.ZERO;
    private int starts;
    private boolean ready;

    /**
     * @param pod its uid
     * @param logs the folder of its log files, one for each start: {@code 0.log}, {@code 1.log} …
     */
    ContainerUnit(ContainerSpec spec, String pod, Path logs) {
        this.spec = spec;
        this.pod = pod;
        this.logs = logs;
    }

    ContainerSpec spec() {
        return spec;
    }

    /** Of the start to come. */
    Path nextLog() {
        return logs.resolve(starts + ".log");
    }

    Optional<Program> program() {
        return program;
    }

    ContainerState state() {
        return state;
    }

    boolean isReady() {
        return ready;
    }

    int starts() {
        return starts;
    }

    /** When it is to be started, if it is. */
    Optional<Instant> due() {
        return due;
    }

    void started(Program running, Instant now) {
        program = Optional.of(running);
        state = new ContainerState.Running(now);
        due = Optional.empty();
        starts++;
        ready = spec.readiness().isEmpty();
    }

    void waitFor(String reason, String message, Instant next) {
        state = new ContainerState.Waiting(reason, message);
        due = Optional.of(next);
    }

    /** @return whether the answer is news */
    boolean probed(boolean good) {
        boolean news = program.isPresent() && ready != good;
        ready = program.isPresent() && good;
        return news;
    }

    /** @param restart whether it is to be started again: at once the first time, later and later after that */
    void ended(int status, boolean restart, Instant now) {
        var since = state instanceof ContainerState.Running(var started) ? started : now;
        var end = new ContainerState.Terminated(status, since, now);
        program = Optional.empty();
        ready = false;
        if (!restart) {
            state = end;
            due = Optional.empty();
            return;
        }
        last = Optional.of(end);
        if (Duration.between(since, now).compareTo(STABLE) >= 0) {
            backOff = Duration.ZERO;
        }
        if (backOff.isZero()) {
            state = end;
            due = Optional.of(now);
            backOff = FIRST_BACK_OFF;
        } else {
            waitFor(
                    "CrashLoopBackOff",
                    "back-off " + backOff.toSeconds() + "s restarting failed container",
                    now.plus(backOff));
            backOff = backOff.multipliedBy(2).compareTo(LONGEST_BACK_OFF) < 0
                    ? backOff.multipliedBy(2)
                    : LONGEST_BACK_OFF;
        }
    }

    void writeTo(ObjectNode status) {
        status.put("name", spec.name());
        status.put("image", spec.image());
        status.put("imageID", starts > 0 ? "fairlead-lab://" + spec.image() : "");
        if (starts > 0) {
            status.put("containerID", "fairlead-lab://" + pod + "/" + spec.name() + "/" + starts);
        }
        status.put("ready", ready);
        status.put("started", program.isPresent());
        status.put("restartCount", Math.max(0, starts - 1));
        status.set("state", state.toJson());
        var lastState = status.putObject("lastState");
        last.ifPresent(before -> lastState.setAll(before.toJson()));
    }
}
