package io.fairlead.proxy.inspect;

import io.fairlead.proxy.cluster.NamespacedName;
import io.fairlead.proxy.dataplane.DataplaneException;
import io.fairlead.proxy.http.Answer;
import io.fairlead.proxy.http.Pages;
import io.fairlead.proxy.http.Request;
import io.fairlead.proxy.metrics.JsonText;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The inspection port: a page for people, and answers as JSON, or as text with {@code ?output=text}. Reads only. See
 * docs/inspect.md.
 *
 * <p>Only GET and HEAD, only for a host that is an IP address or localhost (a page elsewhere must not reach it by a name of its
 * own), never for a script of another site.
 */
public final class InspectPages implements Pages {

    /** Header with {@code true} or {@code false}: see {@link Report#isClean}. */
    public static final String CLEAN = "Fairlead-Clean";

    private static final int PAGE = 500;
    private static final int COUNTS = 10_000;

    private final Inspection inspection;
    private volatile Optional<Answer> page = Optional.empty();

    public InspectPages(Inspection inspection) {
        this.inspection = inspection;
    }

    @Override
    public Answer answer(Request request) {
        return harden(guarded(request));
    }

    private Answer guarded(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Answer.text(405, "this port only reads: use GET\n").with("Allow", "GET, HEAD");
        }
        if (!HostCheck.admits(request.header("host"))) {
            return Answer.text(403, "the Host header must be an IP address or localhost\n");
        }
        var site = request.header("sec-fetch-site");
        if (!(site.isEmpty() || site.equals("none") || site.equals("same-origin"))) {
            return Answer.text(403, "requests from other sites are refused\n");
        }
        if (request.path().equals("/")) {
            return page();
        }
        try {
            return report(request).map(report -> answer(report, request)).orElse(Answer.NOT_FOUND);
        } catch (IllegalArgumentException e) {
            return Answer.text(400, Printable.of(String.valueOf(e.getMessage())) + "\n");
        } catch (DataplaneException e) {
            return Answer.text(503, Printable.of(String.valueOf(e.getMessage())) + "\n");
        }
    }

    /** It is the same for everybody, so the first request puts it together. */
    private Answer page() {
        var made = page.orElseGet(InspectPage::load);
        page = Optional.of(made);
        return made;
    }

    private static Answer harden(Answer answer) {
        return answer.with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer")
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("X-Frame-Options", "DENY");
    }

    private static Answer answer(Report report, Request request) {
        var clean = Boolean.toString(report.isClean());
        return parameter(request, "output").filter("text"::equals).isPresent()
                ? Answer.text(200, report.text()).with(CLEAN, clean)
                : Answer.of(200, Answer.JSON, JsonText.write(report.json()) + "\n")
                        .with(CLEAN, clean);
    }

    private Optional<Report> report(Request request) throws DataplaneException {
        return switch (request.path()) {
            case "/v1/state" -> Optional.of(inspection.state());
            case "/v1/history" -> Optional.of(inspection.history(limit(request, History.CHANGES)));
            case "/v1/services" -> Optional.of(services(request));
            case "/v1/explain" -> Optional.of(explain(request));
            case "/v1/plan" ->
                Optional.of(
                        parameter(request, "mode").filter("nftables"::equals).isPresent()
                                ? inspection.inNftablesMode()
                                : inspection.plan());
            case "/v1/counters" -> Optional.of(inspection.counts(limit(request, COUNTS)));
            case "/v1/audit" -> Optional.of(inspection.audit());
            default -> Optional.empty();
        };
    }

    private Report services(Request request) {
        var at = parameter(request, "at").map(InspectPages::time);
        var name = parameter(request, "name");
        return name.isPresent()
                ? inspection.service(at, name(name.get()))
                : inspection.services(
                        at,
                        parameter(request, "after")
                                .filter(text -> !text.isEmpty())
                                .map(InspectPages::name),
                        limit(request, PAGE),
                        parameter(request, "endpoints").filter("counts"::equals).isPresent());
    }

    private Report explain(Request request) {
        return inspection.explain(
                Sender.parse(required(request, "from")),
                Destination.parse(required(request, "to")),
                parameter(request, "brief").filter("true"::equals).isEmpty());
    }

    private static Optional<String> parameter(Request request, String name) {
        return request.parameter(name).stream().findFirst();
    }

    private static String required(Request request, String name) {
        return parameter(request, name)
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalArgumentException("the parameter " + name + " is missing"));
    }

    private static int limit(Request request, int most) {
        var text = parameter(request, "limit").orElse(Integer.toString(most));
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) == 0) {
            throw new IllegalArgumentException("limit must be a whole number from 1 to " + most);
        }
        return Math.min(most, Integer.parseInt(text));
    }

    private static NamespacedName name(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2) {
            throw new IllegalArgumentException("a Service is named as NAMESPACE/NAME");
        }
        return new NamespacedName(parts[0], parts[1]);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a time is written as 2026-01-31T23:59:59Z", e);
        }
    }
}
