package io.fairlead.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A configuration file, and things to do instead of running. */
final class ProcessFlags {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A KubeProxyConfiguration file (v1alpha1, YAML or JSON). It replaces all flags but --hostname-override, --master, --manifests, --once, --inspect-bind-address, --service-counters and those of logging.")
    @Nullable Path config;

    @Option(
            names = "--write-config-to",
            paramLabel = "FILE",
            description = "Write the configuration that these flags or --config amount to, and exit.")
    @Nullable Path writeConfigTo;

    @Option(
            names = "--cleanup",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Remove the rules of all modes from the kernel, and exit.")
    boolean cleanup;

    @Option(
            names = "--init-only",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Make the kernel settings that need privileges, once this Node is known, and exit.")
    boolean initOnly;

    /** A flag that was given empty is as good as none. */
    Optional<Path> configFile() {
        return given(config);
    }

    Optional<Path> writeConfigTo() {
        return given(writeConfigTo);
    }

    private static Optional<Path> given(@Nullable Path path) {
        if (path == null || path.toString().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(path);
    }
}
