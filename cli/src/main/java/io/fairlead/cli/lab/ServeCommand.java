package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabCluster;
import io.fairlead.lab.cluster.ObjectFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What {@code lab up} starts: runs a lab until it is told to end. */
@Command(name = "serve", hidden = true, header = "Run a lab in this process until SIGTERM.", sortOptions = false)
final class ServeCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "How many nodes.")
    int nodes = 3;

    @Mixin
    private PlanOptions plan = new PlanOptions();

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "PATH",
            description = "Objects to create once it is up.")
    private List<Path> files = new ArrayList<>();

    @Mixin
    private LabName lab = new LabName();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var wanted = plan.plan(nodes, spec);
        Requirements.check();
        var objects = ObjectFiles.read(files);
        try (var cluster = LabCluster.start(wanted, LabName.base(), lab.name, OwnProgram.commandLine())) {
            cluster.awaitReady(PATIENCE);
            for (var object : objects) {
                cluster.store().create(object);
            }
            cluster.directory().ready();
            new CountDownLatch(1).await();
        }
        return CommandLine.ExitCode.OK;
    }
}
