package io.fairlead.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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

    @Override
    public String[] getVersion() {
        return new String[] {"Fairlead " + own() + ", in place of kube-proxy " + KUBERNETES_VERSION};
    }

    /** This build's number. */
    static String own() {
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("(development build)");
    }
}
