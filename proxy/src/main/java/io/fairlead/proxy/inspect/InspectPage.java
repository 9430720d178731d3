package io.fairlead.proxy.inspect;

import io.fairlead.proxy.http.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page for people: one document with its style and script in it, which asks the same server for everything it shows.
 *
 * <p>Its policy lets a browser run this one script and this one style, by their hashes, and talk to this server only, so
 * that text which came to be markup after all could neither run nor call anybody (Content Security Policy Level 3; Trusted
 * Types).
 */
public final class InspectPage {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String STYLE_PLACE = "/*style*/";
    private static final String SCRIPT_PLACE = "/*script*/";

    /** In the order in which they use each other. */
    private static final List<String> SCRIPTS = List.of(
            "dom.js",
            "api.js",
            "answers.js",
            "list.js",
            "services.js",
            "overview.js",
            "service.js",
            "path.js",
            "explain.js",
            "history.js",
            "warnings.js",
            "page.js");

    private InspectPage() {}

    /** Puts the document together from its resources: a matter of milliseconds, for whoever asks first. */
    public static Answer load() {
        var script = new StringBuilder("\n");
        SCRIPTS.forEach(name -> script.append(resource(name)));
        var style = "\n" + resource("page.css");
        var document = resource("page.html").replace(STYLE_PLACE, style).replace(SCRIPT_PLACE, script);
        return Answer.of(200, HTML, document)
                .with("Content-Security-Policy", policy(style, script.toString()))
                .with("Referrer-Policy", "no-referrer")
                .with("X-Frame-Options", "DENY")
                .with("Cross-Origin-Opener-Policy", "same-origin")
                .with("Cross-Origin-Resource-Policy", "same-origin")
                .with("Cache-Control", "no-cache");
    }

    private static String policy(String style, String script) {
        return String.join(
                "; ",
                "default-src 'none'",
                "script-src " + source(script),
                "style-src " + source(style),
                "connect-src 'self'",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'");
    }

    private static String source(String content) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (var in = InspectPage.class.getResourceAsStream("page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("resource page/" + name + " is missing from this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
