package io.fairlead.proxy.source;

/** Manifests that cannot be read; the message names the file, the line and the reason. */
public final class ManifestException extends Exception {

    private static final long serialVersionUID = 1;

    ManifestException(String message) {
        super(message);
    }
}
