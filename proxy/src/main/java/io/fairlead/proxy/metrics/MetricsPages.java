package io.fairlead.proxy.metrics;

import io.fairlead.proxy.config.FeatureGates;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The metrics port (spec: process, section 3.11). Paths are exact; any method unless a page says otherwise. */
public final class MetricsPages implements Pages {

    /** What a scrape said. */
    private record Said(Answer answer, long begun) {}

    private final ProxyConfig config;
    private final Scrape scrape;
    private final InstantSource clock;
    private final DebugPages debug;
    private final ZPages zPages;
    private final PingPages ping = new PingPages();
    private final ReentrantLock scraping = new ReentrantLock(true);
    private Optional<Said> said = Optional.empty();

    /**
     * The pages of one process.
     *
     * @param config in force
     * @param verbosity sets the log's, as {@code -v} does
     */
    public MetricsPages(ProxyConfig config, About about, Scrape scrape, InstantSource clock, Consumer<Long> verbosity) {
        this.config = config;
        this.scrape = scrape;
        this.clock = clock;
        debug = new DebugPages(verbosity);
        zPages = new ZPages(about, clock.instant());
    }

    @Override
    public Answer answer(Request request) {
        return switch (request.path()) {
            case "/metrics" -> inTurn();
            case "/metrics/slis" -> slis(request);
            case "/healthz" -> ping.healthz(request);
            case "/healthz/ping" -> Answer.text(200, "ok");
            case "/proxyMode" -> Answer.text(200, config.proxyMode().toString());
            case "/configz" -> ConfigPage.answer(config);
            case "/flagz" -> gated("ComponentFlagz") ? zPages.flagz(request) : Answer.NOT_FOUND;
            case "/statusz" -> gated("ComponentStatusz") ? zPages.statusz(request, clock.instant()) : Answer.NOT_FOUND;
            default -> config.enableProfiling() ? debug.answer(request) : Answer.NOT_FOUND;
        };
    }

    private boolean gated(String gate) {
        return FeatureGates.enabled(gate, config.featureGates());
    }

    /** One at a time: those who have waited share what was gathered after they came, so a thousand cost as two. */
    private Answer inTurn() {
        long asked = System.nanoTime();
        scraping.lock();
        try {
            var shared = said.filter(last -> last.begun() - asked >= 0);
            if (shared.isPresent()) {
                return shared.get().answer();
            }
            long begun = System.nanoTime();
            var answer = metrics(scrape.all());
            said = scraping.hasQueuedThreads() ? Optional.of(new Said(answer, begun)) : Optional.empty();
            return answer;
        } finally {
            scraping.unlock();
        }
    }

    private Answer slis(Request request) {
        if (request.method().equals("DELETE")) {
            ping.reset();
            return Answer.text(200, "metrics reset\n");
        }
        var start = scrape.process().stream()
                .filter(metric -> metric.getMetadata().getName().equals("process_start_time_seconds"));
        return metrics(
                new MetricSnapshots(Stream.concat(ping.record().stream(), start).toArray(MetricSnapshot[]::new)));
    }

    private Answer metrics(MetricSnapshots snapshots) {
        var answer = Answer.of(200, TextFormat.CONTENT_TYPE, TextFormat.write(snapshots));
        var start = scrape.startTime();
        return start.isPresent()
                ? answer.with("Process-Start-Time-Unix", Long.toString((long) start.getAsDouble()))
                : answer;
    }
}
