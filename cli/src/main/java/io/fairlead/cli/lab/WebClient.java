package io.fairlead.cli.lab;

import java.io.IOException;
import java.util.List;

/** Fetches a page from within the lab: with curl. */
final class WebClient {

    private WebClient() {}

    static Session.Output get(Session session, Session.Place place, String address)
            throws IOException, InterruptedException {
        return session.run(place, List.of("curl", "-s", "--max-time", "10", address));
    }
}
