package io.fairlead.lab.cluster;

import java.io.IOException;

/** A lab cannot do what was asked, for a reason that its user can mend; the message says how. */
public final class LabException extends IOException {

    public LabException(String message) {
        super(message);
    }
}
