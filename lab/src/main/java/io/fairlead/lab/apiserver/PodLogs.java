package io.fairlead.lab.apiserver;

import io.fairlead.proxy.cluster.NamespacedName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Where the output of containers is: the way to the kubelets. */
public interface PodLogs {

    /**
     * Which part of which output is wanted.
     *
     * @param container a container of the pod
     * @param follow the stream goes on until the container ends
     * @param previous of the container's last run instead of this one
     * @param timestamps each line begins with its time
     * @param tailLines how many of the last lines; all if empty
     */
    record Request(
            NamespacedName pod,
            String container,
            boolean follow,
            boolean previous,
            boolean timestamps,
            OptionalLong tailLines,
            Optional<Instant> since,
            OptionalLong limitBytes) {}

    /** @throws FileNotFoundException if there is no such output; its message is the client's */
    InputStream open(Request request) throws IOException;

    /** There are no kubelets. */
    static PodLogs none() {
        return request -> {
            throw new FileNotFoundException("pod " + request.pod() + ": this server has no kubelet to ask for its log");
        };
    }
}
