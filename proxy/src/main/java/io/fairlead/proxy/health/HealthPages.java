package io.fairlead.proxy.health;

import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;

/** {@code /healthz} and {@code /livez}: two exact paths, any method (spec: process, section 3.10). */
public final class HealthPages implements Pages {

    /** Told of every answer. */
    public interface Counter {

        void answered(Probe probe, int status);
    }

    /** Which question was asked. */
    public enum Probe {
        HEALTHZ,
        LIVEZ
    }

    private final ProxyHealth health;
    private final Counter counter;

    public HealthPages(ProxyHealth health, Counter counter) {
        this.health = health;
        this.counter = counter;
    }

    @Override
    public Answer answer(Request request) {
        var report = health.report();
        return switch (request.path()) {
            case "/healthz" -> answer(Probe.HEALTHZ, report.healthy() && report.eligible(), report.readiness());
            case "/livez" -> answer(Probe.LIVEZ, report.punctual(), report.liveness());
            default -> Answer.NOT_FOUND;
        };
    }

    private Answer answer(Probe probe, boolean good, String body) {
        int status = good ? 200 : 503;
        counter.answered(probe, status);
        return Answer.of(status, Answer.JSON, body);
    }
}
