package io.fairlead.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Objects from files in place of a cluster. */
final class ManifestFlags {

    @Option(
            names = "--manifests",
            paramLabel = "PATH",
            arity = "1..*",
            description =
                    "Files or directories with Services, EndpointSlices and Nodes (YAML or JSON) in place of a cluster; they are watched for changes. May be repeated.")
    List<Path> manifests = new ArrayList<>();

    @Option(
            names = "--once",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            converter = FlagValue.Bool.class,
            description = "Sync once, verify that the kernel has it, and exit.")
    boolean once;
}
