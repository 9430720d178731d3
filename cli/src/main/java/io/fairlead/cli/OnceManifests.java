package io.fairlead.cli;

import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.source.ClusterSource;
import io.fairlead.proxy.source.ManifestException;
import io.fairlead.proxy.source.ManifestSource;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Manifests as they are now, for one sync. */
record OnceManifests(List<ClusterChange> objects) implements ClusterSource {

    private static final Logger log = LoggerFactory.getLogger(OnceManifests.class);

    /** @throws ManifestException when nothing could be read */
    static OnceManifests read(List<Path> paths, String nodeName) throws ManifestException {
        return new OnceManifests(ManifestSource.readOnce(paths, nodeName, InputStream.nullInputStream(), log::warn));
    }

    @Override
    public void start(Listener listener) {
        listener.changed(objects);
        for (var kind : Kind.values()) {
            listener.synced(kind);
        }
    }

    @Override
    public void close() {}
}
