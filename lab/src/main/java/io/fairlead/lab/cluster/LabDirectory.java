package io.fairlead.lab.cluster;

import io.fairlead.lab.net.Ledger;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The directory of a lab, readable by root only, which other processes find it by:
 *
 * <pre>
 *   process      who runs it
 *   namespaces   every network namespace, written down before it is made: the {@link Ledger}
 *   cluster      what there is ({@link LabNote}); once everything runs there is a file ready beside it
 *   kubeconfig   for this machine; kubeconfig-node for use on a node
 *   pods/ logs/  the kubelets'
 * </pre>
 *
 * <p>It exists for as long as anything of the lab does.
 */
public final class LabDirectory implements Ledger {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
    private static final String UNFINISHED = ".new-";

    private final Path path;

    LabDirectory(Path path) {
        this.path = path;
    }

    /** Where all labs are: FAIRLEAD_LAB_DIR, or /run/fairlead-lab, which a restart of the machine empties. */
    public static Path base(Map<String, String> environment) {
        String said = environment.getOrDefault("FAIRLEAD_LAB_DIR", "");
        return Path.of(said.isEmpty() ? "/run/fairlead-lab" : said).toAbsolutePath();
    }

    /**
     * Makes the directory of a new lab, which this process runs.
     *
     * @throws LabException when there is a lab of that name, or what is left of one
     */
    public static LabDirectory claim(Path base, String name) throws IOException {
        var own = ProcessIdentity.own();
        var target = path(base, name);
        Files.createDirectories(base);
        var unfinished = base.resolve(UNFINISHED + own.pid());
        Files.createDirectory(
                unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(unfinished.resolve("process"), own + "\n");
        try {
            // All or nothing: a directory does not replace one that is not empty.
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            delete(unfinished);
            throw new LabException(new LabDirectory(target).taken());
        }
        return new LabDirectory(target);
    }

    private static Path path(Path base, String name) throws LabException {
        if (!NAME.matcher(name).matches()) {
            throw new LabException(
                    "\"" + name + "\" cannot be a lab's name (small letters, digits and dashes, at most 32)");
        }
        return base.resolve(name);
    }

    /** Why no lab of this name can be started. */
    public String taken() {
        return process()
                .filter(ProcessIdentity::isAlive)
                .map(running -> "lab \"" + name() + "\" is running already (process " + running.pid()
                        + "): \"fairlead lab down" + option() + "\" ends it, --name makes another one beside it")
                .orElseGet(() -> "lab \"" + name() + "\" ended without cleaning up: \"fairlead lab down" + option()
                        + "\" removes what it left");
    }

    private String option() {
        return name().equals("lab") ? "" : " --name " + name();
    }

    /** The lab of this name, running or not; empty when there is nothing of it. */
    public static Optional<LabDirectory> find(Path base, String name) throws LabException {
        var path = path(base, name);
        return Files.isDirectory(path) ? Optional.of(new LabDirectory(path)) : Optional.empty();
    }

    /** All there are, those that were never finished too. */
    public static List<LabDirectory> all(Path base) throws IOException {
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        try (var paths = Files.list(base)) {
            return paths.filter(Files::isDirectory)
                    .sorted()
                    .map(LabDirectory::new)
                    .toList();
        }
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }

    public Path path() {
        return path;
    }

    public Path kubeconfig() {
        return path.resolve("kubeconfig");
    }

    /** With the API server's address inside the lab. */
    public Path nodeKubeconfig() {
        return path.resolve("kubeconfig-node");
    }

    /** Who runs it; empty when that is not known, or no lab's. */
    Optional<ProcessIdentity> process() {
        return read("process").flatMap(ProcessIdentity::parse);
    }

    /** Its number, when it runs. */
    public Optional<Long> runningProcess() {
        return process().filter(ProcessIdentity::isAlive).map(ProcessIdentity::pid);
    }

    /** What there is, once it is up. */
    public Optional<LabNote> note() {
        return read("cluster").map(LabNote::parse);
    }

    void write(LabNote note) throws IOException {
        var draft = path.resolve("cluster.new");
        Files.writeString(draft, note.text());
        Files.move(draft, path.resolve("cluster"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Says that everything in it runs. */
    public void ready() throws IOException {
        Files.createFile(path.resolve("ready"));
    }

    public boolean isReady() {
        return Files.exists(path.resolve("ready"));
    }

    /** The network namespace of a pod; empty when there is no such pod. */
    public Optional<String> podNamespace(String namespace, String pod) {
        return pod.contains("/") || namespace.contains("/")
                ? Optional.empty()
                : read("pods/" + namespace + "_" + pod).map(String::strip);
    }

    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(path.resolve(file)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public void announce(List<String> names) {
        append(names.stream().map(name -> "announced " + name + "\n").toList());
    }

    @Override
    public void made(String name, long identity) {
        append(List.of("made " + name + " " + identity + "\n"));
    }

    @Override
    public void removed(Collection<String> names) {
        append(names.stream().map(name -> "removed " + name + "\n").toList());
    }

    private synchronized void append(List<String> lines) {
        try {
            Files.writeString(
                    path.resolve("namespaces"),
                    String.join("", lines),
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that may still be there, and their inode number where it is known. */
    Map<String, Optional<Long>> namespaces() {
        return LedgerLines.open(read("namespaces").orElse(""));
    }

    /** Removes it with all that is in it, if it is there. */
    void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        delete(path);
        try {
            Files.deleteIfExists(path.getParent());
        } catch (IOException e) {
            // Other labs are in it.
        }
    }

    private static void delete(Path folder) throws IOException {
        var all = new ArrayList<Path>();
        try (var paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (var one : all) {
            Files.deleteIfExists(one);
        }
    }
}
