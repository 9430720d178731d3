package io.fairlead.proxy.source.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a credential plugin (client.authentication.k8s.io) and reads what it prints. */
final class ExecPlugin {

    private static final int TIMEOUT_SECONDS = 60;

    /**
     * @param settings with the plugin's credentials in its place
     * @param expires when to ask again
     */
    record Credentials(Settings settings, Optional<Instant> expires) {}

    private ExecPlugin() {}

    /** Puts the plugin's credentials into the settings; without a plugin these are complete already. */
    static Credentials complete(Settings settings) throws ApiConfigException {
        var exec = settings.exec();
        if (exec.isEmpty()) {
            return new Credentials(settings, Optional.empty());
        }
        var program = exec.get().command().getFirst();
        try {
            var status = Document.parse(run(exec.get())).child("status");
            var result = settings;
            var certificate = status.text("clientCertificateData");
            var key = status.text("clientKeyData");
            if (certificate.isPresent() && key.isPresent()) {
                result = result.withClientCertificate(certificate.get(), key.get());
            }
            var token = status.text("token");
            if (token.isPresent()) {
                result = result.withToken(token.get());
            }
            if (result.exec().isPresent()) {
                throw new ApiConfigException(program + ": printed neither a token nor a client certificate");
            }
            return new Credentials(result, status.text("expirationTimestamp").flatMap(ExecPlugin::instant));
        } catch (IOException e) {
            throw new ApiConfigException(program + ": cannot get credentials from it ("
                    + e.getClass().getSimpleName() + "); try it by hand");
        }
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String run(Settings.Exec exec) throws IOException, ApiConfigException {
        // Through a file: a pipe that nobody empties would block a talkative plugin, and reading it would block us.
        var output = Files.createTempFile("fairlead-exec", ".json");
        try {
            var builder = new ProcessBuilder(exec.command())
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(exec.environment());
            builder.environment()
                    .put(
                            "KUBERNETES_EXEC_INFO",
                            "{\"apiVersion\":\"" + exec.apiVersion()
                                    + "\",\"kind\":\"ExecCredential\",\"spec\":{\"interactive\":false}}");
            var process = builder.start();
            await(process, exec.command().getFirst());
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
        }
    }

    private static void await(Process process, String program) throws ApiConfigException {
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new ApiConfigException(
                        program + ": no credentials after " + TIMEOUT_SECONDS + " s; try it by hand");
            }
            if (process.exitValue() != 0) {
                throw new ApiConfigException(
                        program + ": failed with status " + process.exitValue() + "; try it by hand");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new ApiConfigException(program + ": interrupted");
        } finally {
            process.destroyForcibly();
        }
    }
}
