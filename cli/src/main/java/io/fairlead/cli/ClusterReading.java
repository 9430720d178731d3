package io.fairlead.cli;

import io.fairlead.proxy.cluster.ClusterChange;
import io.fairlead.proxy.cluster.ClusterDelta;
import io.fairlead.proxy.cluster.ClusterImage;
import io.fairlead.proxy.config.ProxyMode;
import io.fairlead.proxy.source.ApiSource;
import io.fairlead.proxy.source.ClusterSource;
import io.fairlead.proxy.source.ManifestException;
import io.fairlead.proxy.source.ManifestSource;
import io.fairlead.proxy.source.api.RequestListener;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the cluster once: from manifests, or from the API. */
final class ClusterReading implements ClusterSource.Listener {

    private static final Logger log = LoggerFactory.getLogger(ClusterReading.class);
    private static final int SECONDS = 60;

    private final CountDownLatch complete = new CountDownLatch(1);
    private final Set<ClusterSource.Kind> awaited = EnumSet.allOf(ClusterSource.Kind.class);
    private ClusterImage image = ClusterImage.EMPTY;

    private ClusterReading() {}

    /** @throws StartException when the API server cannot be read within a minute */
    static ClusterImage read(ProxyInvocation invocation)
            throws StartException, ManifestException, InterruptedException {
        var reading = new ClusterReading();
        if (!invocation.manifests().isEmpty()) {
            reading.changed(
                    ManifestSource.readOnce(invocation.manifests(), invocation.nodeName(), System.in, log::warn));
            return reading.image;
        }
        var client = ApiSources.client(invocation, RequestListener.NOBODY);
        try (var source =
                new ApiSource(client, invocation.nodeName(), invocation.config().proxyMode() == ProxyMode.NFTABLES)) {
            source.start(reading);
            if (!reading.complete.await(SECONDS, TimeUnit.SECONDS)) {
                throw new StartException("the API server could not be read within " + SECONDS + " s");
            }
        }
        synchronized (reading) {
            return reading.image;
        }
    }

    @Override
    public synchronized void changed(List<ClusterChange> changes) {
        var delta = new ClusterDelta(image);
        changes.forEach(delta::replay);
        image = delta.apply();
    }

    @Override
    public synchronized void synced(ClusterSource.Kind kind) {
        awaited.remove(kind);
        if (awaited.isEmpty()) {
            complete.countDown();
        }
    }
}
