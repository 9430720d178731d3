package io.fairlead.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One tab of a browser, as a person uses it: looks at it, types, and narrows the window. */
final class Tab implements AutoCloseable {

    /** Keeps what goes wrong in scripts. */
    static final String ERRORS = """
            window.errors = [];
            addEventListener("error", event => errors.push(event.message + ", line " + event.lineno));
            addEventListener("unhandledrejection", event => errors.push(String(event.reason?.stack ?? event.reason)));
            """;

    private static final long PATIENCE_MILLIS = 30_000;

    private final DevTools tools;
    private final String target;
    private final String session;

    Tab(DevTools tools, String target, String session) {
        this.tools = tools;
        this.target = target;
        this.session = session;
    }

    JsonNode call(String method, Map<String, ?> parameters) throws IOException, InterruptedException {
        return tools.call(session, method, parameters);
    }

    /** Runs before any script of the pages that are opened from now on. */
    void beforeEachPage(String script) throws IOException, InterruptedException {
        call("Page.enable", Map.of());
        call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    }

    void navigate(String address) throws IOException, InterruptedException {
        call("Page.navigate", Map.of("url", address));
    }

    /** The value of a JavaScript expression; a promise's outcome. The page's policy does not bind the debugger. */
    JsonNode value(String expression) throws IOException, InterruptedException {
        var answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new IOException(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.path("result").path("value");
    }

    String text(String selector) throws IOException, InterruptedException {
        return value("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''")
                .asText();
    }

    int number(String expression) throws IOException, InterruptedException {
        return value(expression).asInt();
    }

    /** Waits until the condition holds; fails with what the page shows instead. */
    void await(String condition) throws IOException, InterruptedException {
        long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!value("Boolean(" + condition + ")").asBoolean()) {
            if (System.currentTimeMillis() > deadline) {
                throw new AssertionError(condition + " does not come true; the page shows: "
                        + value("document.body.innerText.slice(0, 2000)").asText() + "; script errors: "
                        + value("errors"));
            }
            Thread.sleep(30);
        }
    }

    /** Waits until the element says so. */
    void awaitText(String selector, String part) throws IOException, InterruptedException {
        await("document.querySelector(" + quoted(selector) + ")?.innerText.includes(" + quoted(part) + ")");
    }

    void press(String... keys) throws IOException, InterruptedException {
        for (var key : keys) {
            // A key with text is a printable one; Enter submits forms only if it carries its carriage return.
            var text = key.length() == 1 ? key : key.equals("Enter") ? "\r" : "";
            call(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type",
                            "keyDown",
                            "key",
                            key,
                            "code",
                            key,
                            "text",
                            text,
                            "windowsVirtualKeyCode",
                            virtualKey(key)));
            call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "code", key));
        }
    }

    private static int virtualKey(String key) {
        return switch (key) {
            case "Tab" -> 9;
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "PageUp" -> 33;
            case "PageDown" -> 34;
            case "End" -> 35;
            case "Home" -> 36;
            case "ArrowUp" -> 38;
            case "ArrowDown" -> 40;
            default -> key.codePointAt(0);
        };
    }

    void type(String text) throws IOException, InterruptedException {
        call("Input.insertText", Map.of("text", text));
    }

    /** @param width in CSS pixels */
    void resize(int width, int height, double scale) throws IOException, InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", false));
    }

    /** @param scheme {@code light} or {@code dark} */
    void prefer(String scheme) throws IOException, InterruptedException {
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** A PNG of what is to be seen. */
    byte[] picture() throws IOException, InterruptedException {
        var answer = call("Page.captureScreenshot", Map.of("format", "png", "optimizeForSpeed", false));
        return Base64.getDecoder().decode(answer.get("data").asText());
    }

    static String quoted(String text) {
        return new com.fasterxml.jackson.databind.node.TextNode(text).toString();
    }

    @Override
    public void close() throws IOException {
        try {
            tools.call("", "Target.closeTarget", Map.of("targetId", target));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
