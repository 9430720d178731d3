package io.fairlead.lab.kubelet;

import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.program.Images;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * What all kubelets of a lab share.
 *
 * @param server what a node must reach to be heard of
 * @param folder for the logs of containers, {@code logs}, and what namespace a pod has, {@code pods}
 */
public record KubeletSetup(ObjectStore store, EventSink events, Images images, InetSocketAddress server, Path folder) {}
