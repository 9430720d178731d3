package io.fairlead.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code fairlead version}. */
@Command(name = "version", header = "Print the version.")
final class VersionCommand implements Callable<Integer>, IVersionProvider {

    /** The release of kube-proxy whose behaviour is followed. */
    static final String KUBERNETES_VERSION = "v1.36.2";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(getVersion()[0]);
        return CommandLine.ExitCode.OK;
    }

    /**
     * What {@code --version} with this value prints; empty for a value that lets the proxy run.
     *
     * @param value a boolean, {@code raw}, or a version to report in place of the built-in one
     * @param asKubeProxy whether Fairlead was called as kube-proxy, which then is what scripts expect to read
     * @throws TypeConversionException for any other value
     */
    static Optional<String> answer(String value, boolean asKubeProxy) {
        if (value.equals("raw")) {
            return Optional.of(raw());
        }
        if (value.startsWith("v")) {
            requireSameRelease(value);
            return Optional.empty();
        }
        if (!FlagValue.Bool.parse(value)) {
            return Optional.empty();
        }
        return Optional.of(asKubeProxy ? "Kubernetes " + KUBERNETES_VERSION : line());
    }

    /** A suffix may follow the release, behind a dash or plus sign. */
    private static void requireSameRelease(String version) {
        if (!version.split("[-+]", 2)[0].equals(KUBERNETES_VERSION)) {
            throw new TypeConversionException("version " + Text.quote(version)
                    + " must match major/minor/patch of default version " + Text.quote(KUBERNETES_VERSION));
        }
    }

    /** In the shape that scripts know from kube-proxy. */
    private static String raw() {
        var numbers = KUBERNETES_VERSION.substring(1).split("\\.", -1);
        return "version.Info{Major:\"%s\", Minor:\"%s\", EmulationMajor:\"\", EmulationMinor:\"\", MinCompatibilityMajor:\"\","
                        .formatted(numbers[0], numbers[1])
                + " MinCompatibilityMinor:\"\", GitVersion:\"%s\", GitCommit:\"\", GitTreeState:\"\", BuildDate:\"\", GoVersion:\"\","
                        .formatted(KUBERNETES_VERSION)
                + " Compiler:\"fairlead %s\", Platform:\"linux/%s\"}".formatted(own(), architecture());
    }

    private static String architecture() {
        var name = System.getProperty("os.arch", "");
        return name.equals("aarch64") ? "arm64" : name;
    }

    /** Says once, early, what runs. */
    static void log(String reported) {
        var log = LoggerFactory.getLogger(VersionCommand.class);
        log.atInfo()
                .addKeyValue("version", reported)
                .addKeyValue("fairlead", own())
                .log("Version info");
        log.atInfo()
                .addKeyValue("version", Runtime.version().toString())
                .addKeyValue("maxHeap", Runtime.getRuntime().maxMemory())
                .addKeyValue("processors", Runtime.getRuntime().availableProcessors())
                .log("Java settings");
    }

    private static String line() {
        return "Fairlead " + own() + ", in place of kube-proxy " + KUBERNETES_VERSION;
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }

    /** This build's number. */
    static String own() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("(development build)");
    }
}
