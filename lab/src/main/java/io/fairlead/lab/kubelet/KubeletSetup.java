package io.fairlead.lab.kubelet;

import io.fairlead.lab.apiserver.ObjectStore;
import io.fairlead.lab.program.Images;
import java.nio.file.Path;

/**
 * What all kubelets of a lab share.
 *
 * @param folder for the logs of containers, {@code logs}, and what namespace a pod has, {@code pods}
 */
public record KubeletSetup(ObjectStore store, EventSink events, Images images, Path folder) {}
