package io.fairlead.cli;

import io.fairlead.netfilter.iptables.ProcessCommandRunner;
import io.fairlead.proxy.config.ConfigException;
import io.fairlead.proxy.config.ConfigValidator;
import io.fairlead.proxy.config.ConfigWriter;
import io.fairlead.proxy.config.FeatureGates;
import io.fairlead.proxy.config.LoggingValidator;
import io.fairlead.proxy.config.NodeName;
import io.fairlead.proxy.config.ProxyConfig;
import io.fairlead.proxy.metrics.About;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fairlead proxy}: the daemon. */
@Command(
        name = "proxy",
        header = "Keep this node's packet rules in step with the cluster (the daemon).",
        description = {
            "",
            "Takes kube-proxy's flags and configuration file. Services, EndpointSlices and this Node come from the API"
                    + " server, or from files with --manifests.",
            "A list may be separated by commas, and its flag repeated; a duration is written as in 1h30m, 500ms or 0.",
            ""
        },
        customSynopsis = "fairlead proxy [FLAG...]",
        sortOptions = false,
        versionProvider = VersionCommand.class)
final class ProxyCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help and exit.")
    boolean help;

    @Option(
            names = "--version",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|raw|vX.Y.Z",
            converter = VersionValue.class,
            description = "Print the version and exit; vX.Y.Z runs and reports that version.")
    String version = "false";

    @Mixin
    private ProcessFlags process = new ProcessFlags();

    @ArgGroup(validate = false, order = 1, heading = "%nWhere the cluster comes from (default: the API server):%n")
    private ManifestFlags manifests = new ManifestFlags();

    @Mixin
    private ProxyOptions options = new ProxyOptions();

    @Parameters(hidden = true, arity = "0..*")
    private List<String> arguments = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var answer = VersionCommand.answer(version, Main.asKubeProxy(spec.commandLine()));
        if (answer.isPresent()) {
            spec.commandLine().getOut().println(answer.get());
            return CommandLine.ExitCode.OK;
        }
        refuseArguments();
        options.servers.deprecations().forEach(spec.commandLine().getErr()::println);
        try (var watch = process.configFile()
                .filter(Files::exists)
                .map(ConfigWatch::open)
                .orElse(null)) {
            return run(Optional.ofNullable(watch));
        }
    }

    private int run(Optional<ConfigWatch> watch) throws Exception {
        var config = config();
        var target = process.writeConfigTo();
        if (target.isPresent()) {
            write(config, target.get());
            return CommandLine.ExitCode.OK;
        }
        if (process.cleanup) {
            Cleanup.run(new ProcessCommandRunner());
            return CommandLine.ExitCode.OK;
        }
        var invocation = invocation(config);
        var about = new About(VersionCommand.own(), invocation.reportedVersion(), FlagValues.of(spec));
        return ProxyRunner.run(invocation, about, watch);
    }

    /** Only what {@link VersionCommand#answer} understands. */
    static final class VersionValue implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            var _ = VersionCommand.answer(text, false);
            return text;
        }
    }

    /** The effective configuration, validated; logging follows it from here on. */
    ProxyConfig config() {
        var config = completed(() -> log().info("Using iptables proxy"));
        LoggingValidator.check(config.logging(), config.featureGates());
        LogSetup.apply(config.logging());
        if (config.logging().verbosity() > 0) {
            FlagValues.of(spec)
                    .forEach((name, value) ->
                            log().info(KlogLayout.PLAIN, "FLAG: --{}=\"{}\"", name, Text.escapeControls(value)));
        }
        ConfigValidator.check(config);
        return config;
    }

    /** The effective configuration before validation. */
    ProxyConfig completed() {
        return completed(() -> {});
    }

    private ProxyConfig completed(Runnable modeChosen) {
        boolean portFlagsCount = process.writeConfigTo().isEmpty();
        return options.complete(process.configFile(), portFlagsCount, modeChosen);
    }

    ProxyInvocation invocation(ProxyConfig config) {
        config.proxyMode(); // ipvs is refused here
        sayFeatureGates(config);
        return new ProxyInvocation(
                config,
                NodeName.of(config),
                manifests.manifests,
                manifests.once,
                process.initOnly,
                version.startsWith("v") ? version : VersionCommand.KUBERNETES_VERSION,
                Optional.of(options.cluster.master).filter(url -> !url.isEmpty()),
                InspectAddress.of(options.servers.inspect),
                (int) Math.min(options.servers.serviceCounters, Integer.MAX_VALUE));
    }

    /** Empty arguments are tolerated: scripts leave them behind. */
    private void refuseArguments() {
        var given = arguments.stream()
                .filter(text -> !text.isEmpty())
                .map(Text::quote)
                .toList();
        if (!given.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "\"fairlead proxy\" does not take any arguments, got [" + String.join(" ", given) + "]");
        }
    }

    private static void sayFeatureGates(ProxyConfig config) {
        var gates = config.featureGates();
        for (var gate : FeatureGates.generallyAvailable(gates)) {
            log().atInfo()
                    .addKeyValue("featureGate", gate)
                    .addKeyValue("value", gates.get(gate))
                    .log("Warning: setting GA feature gate. It will be removed in a future release.");
        }
        if (!gates.isEmpty() && config.logging().verbosity() > 0) {
            log().atInfo().addKeyValue("featureGates", gates).log("Updated");
        }
        var ignored = FeatureGates.withoutEffect(gates);
        if (!ignored.isEmpty()) {
            log().atInfo().addKeyValue("featureGates", ignored).log("Ignoring feature gates that change nothing here");
        }
    }

    /** Not a constant: help and usage errors need no logging, and starting it takes time. */
    private static Logger log() {
        return LoggerFactory.getLogger(ProxyCommand.class);
    }

    private static void write(ProxyConfig config, Path target) {
        try {
            Files.writeString(target, ConfigWriter.write(config));
        } catch (IOException e) {
            throw new ConfigException("open " + target + ": " + e.getMessage(), e);
        }
        log().atInfo().addKeyValue("file", target).log("Wrote configuration");
    }
}
