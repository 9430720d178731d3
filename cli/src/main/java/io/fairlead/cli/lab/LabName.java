package io.fairlead.cli.lab;

import io.fairlead.lab.cluster.LabDirectory;
import io.fairlead.lab.cluster.LabException;
import io.fairlead.lab.cluster.LabNote;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which lab is meant. */
final class LabName {

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "lab",
            description = "Name of the lab, if there are several (default: ${DEFAULT-VALUE}).")
    String name = "lab";

    /** Where all labs of this machine are. */
    static Path base() {
        return LabDirectory.base(System.getenv());
    }

    /** @throws LabException when it does not run */
    LabDirectory running() throws LabException {
        var lab = LabDirectory.find(base(), name)
                .orElseThrow(() -> new LabException(
                        "there is no lab \"" + name + "\"; \"fairlead lab up" + option() + "\" starts it"));
        if (lab.runningProcess().isEmpty()) {
            throw new LabException("lab \"" + name + "\" ended without cleaning up; \"fairlead lab down" + option()
                    + "\" removes what it left");
        }
        return lab;
    }

    /** @throws LabException when it is not up yet */
    static LabNote note(LabDirectory lab) throws LabException {
        return lab.note()
                .orElseThrow(
                        () -> new LabException("lab \"" + lab.name() + "\" is still starting; try again in a moment"));
    }

    /** To be repeated in commands that are suggested. */
    String option() {
        return name.equals("lab") ? "" : " --name " + name;
    }
}
