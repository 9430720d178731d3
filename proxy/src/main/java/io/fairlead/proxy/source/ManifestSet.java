package io.fairlead.proxy.source;

import io.fairlead.proxy.cluster.ClusterChange;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files that a list of paths stands for, each with what its last readable version held. Directories mean their
 * {@code .yaml}, {@code .yml} and {@code .json} files, not those of directories in them, in the order of their names.
 */
final class ManifestSet {

    /** Told about files as they come, break and go. */
    interface Report {
        void info(String message);

        void warn(String message);

        void error(String message);
    }

    private final List<Path> paths;
    private final ManifestReader reader;
    private final Report report;
    private Map<Path, FileState> files = new LinkedHashMap<>();
    private final Map<Path, String> pathErrors = new LinkedHashMap<>();
    private Set<String> duplicates = Set.of();

    /** Tells versions of a file apart without reading it. */
    private record Fingerprint(Path target, FileTime modified, long size, Optional<Object> fileKey) {
        static Fingerprint of(Path file) throws IOException {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Fingerprint(
                    file.toRealPath(),
                    attributes.lastModifiedTime(),
                    attributes.size(),
                    Optional.ofNullable(attributes.fileKey()));
        }
    }

    /**
     * @param fingerprint of the version last tried; empty when not even that could be had
     * @param manifest of the last version that could be read
     * @param read whether there was such a version
     * @param error why the version last tried could not be read
     */
    private record FileState(
            Optional<Fingerprint> fingerprint, Manifest manifest, boolean read, Optional<String> error) {
        static final FileState NEW = new FileState(Optional.empty(), Manifest.EMPTY, false, Optional.empty());
    }

    ManifestSet(List<Path> paths, ManifestReader reader, Report report) {
        this.paths = List.copyOf(paths);
        this.reader = reader;
        this.report = report;
    }

    /**
     * Reads what is new or changed, and forgets files that are gone.
     *
     * @param touched files to read again even if they look the same
     */
    void refresh(Set<Path> touched) {
        var next = new LinkedHashMap<Path, FileState>();
        for (var path : paths) {
            for (var file : filesOf(path)) {
                next.computeIfAbsent(file, _ -> refresh(file, touched.contains(file)));
            }
        }
        for (var gone : files.keySet()) {
            if (!next.containsKey(gone)) {
                report.info(gone + ": gone; its objects are removed");
            }
        }
        files = next;
    }

    private Collection<Path> filesOf(Path path) {
        try {
            Collection<Path> found = Files.isDirectory(path) ? manifestsIn(path) : List.of(path);
            if (!reader.isStandardInput(path) && Files.notExists(path)) {
                throw new NoSuchFileException(path.toString());
            }
            if (pathErrors.remove(path) != null) {
                report.info(path + ": readable again");
            }
            return found;
        } catch (NoSuchFileException _) {
            pathError(path, path + ": no such file or directory");
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            // Not knowing what is in a directory is no reason to drop what was in it.
            pathError(path, path + ": cannot be listed: " + e.getMessage());
            return files.keySet().stream()
                    .filter(file -> path.equals(file.getParent()))
                    .toList();
        }
    }

    private void pathError(Path path, String message) {
        if (!message.equals(pathErrors.put(path, message))) {
            report.error(message);
        }
    }

    private static Collection<Path> manifestsIn(Path directory) throws IOException {
        var found = new ArrayList<Path>();
        try (var entries = Files.newDirectoryStream(directory, "*.{yaml,yml,json}")) {
            for (var entry : entries) {
                if (!Files.isDirectory(entry)) {
                    found.add(entry);
                }
            }
        }
        found.sort(null);
        return found;
    }

    private FileState refresh(Path file, boolean touched) {
        var before = files.getOrDefault(file, FileState.NEW);
        Optional<Fingerprint> fingerprint;
        try {
            fingerprint = Optional.of(Fingerprint.of(file));
        } catch (IOException _) {
            // Reading it will fail as well, and say why.
            fingerprint = Optional.empty();
        }
        if (!touched && fingerprint.isPresent() && fingerprint.equals(before.fingerprint)) {
            return before;
        }
        try {
            var manifest = keepingRefused(before.manifest, reader.read(file));
            if (before.error.isPresent()) {
                report.info(file + ": readable again, " + manifest.objects().size() + " objects");
            }
            return new FileState(fingerprint, manifest, true, Optional.empty());
        } catch (ManifestException e) {
            var message = String.valueOf(e.getMessage());
            if (!before.error.equals(Optional.of(message))) {
                report.error(message + (before.read ? "; what its last good version gave is kept" : ""));
            }
            return new FileState(fingerprint, before.manifest, before.read, Optional.of(message));
        }
    }

    /** An object that has become unusable keeps its earlier version. */
    private static Manifest keepingRefused(Manifest before, Manifest now) {
        var kept = new LinkedHashMap<>(now.objects());
        for (var key : now.refused()) {
            var earlier = before.objects().get(key);
            if (earlier != null) {
                kept.putIfAbsent(key, earlier);
            }
        }
        return new Manifest(kept, now.refused());
    }

    /** Whether anything could be read, or there was nothing to read. */
    boolean isUsable() {
        return errors().isEmpty() || files.values().stream().anyMatch(FileState::read);
    }

    /** Why paths and files cannot be read at present. */
    List<String> errors() {
        var errors = new ArrayList<>(pathErrors.values());
        files.values().forEach(file -> file.error.ifPresent(errors::add));
        return errors;
    }

    /** All objects that concern this node; where two files hold the same one, the first file's. */
    Map<ObjectKey, ClusterChange> objects(String nodeName) {
        var merged = new LinkedHashMap<ObjectKey, ClusterChange>();
        var owners = new LinkedHashMap<ObjectKey, Path>();
        var twice = new LinkedHashSet<String>();
        files.forEach((file, state) -> state.manifest.objects().forEach((key, item) -> {
            if (item.change() instanceof ClusterChange.NodeSet(var node)
                    && !node.name().equals(nodeName)) {
                return;
            }
            var owner = owners.putIfAbsent(key, file);
            if (owner == null) {
                merged.put(key, item.change());
            } else {
                twice.add(key + " is in " + owner + " and in " + file + "; the first one is used");
            }
        }));
        var news = new LinkedHashSet<>(twice);
        news.removeAll(duplicates);
        news.forEach(report::warn);
        duplicates = twice;
        return merged;
    }

    /** The directories in which a change would concern this set. */
    Set<Path> directories() {
        var directories = new HashSet<Path>();
        for (var path : paths) {
            var parent = path.toAbsolutePath().getParent();
            if (Files.isDirectory(path)) {
                directories.add(path);
            } else if (parent != null) {
                directories.add(parent);
            }
        }
        return directories;
    }
}
