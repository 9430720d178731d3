package io.fairlead.lab.apiserver;

import static io.fairlead.lab.apiserver.Services.labelled;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LoadTest {

    private static final int SERVICES = 44_000;
    private static final int CLIENTS = 10;
    private static final int CHANGES = 1_000;
    private static final String PATH = "/api/v1/services";

    @Test
    void holds44000ServicesAndTenClientsThatListAndWatchThem() throws Exception {
        try (var server = ApiServer.builder().start();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            load(server.store());
            long version = server.store().image().resourceVersion();
            var pages = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CLIENTS; i++) {
                pages.add(threads.submit(() -> countPaged(server)));
            }
            for (var count : pages) {
                assertThat(count.get()).isEqualTo(SERVICES);
            }
            var watches = new ArrayList<Future<Integer>>();
            for (int i = 0; i < CLIENTS; i++) {
                watches.add(threads.submit(countEvents(server, version, CHANGES)));
            }
            for (int i = 0; i < CHANGES; i++) {
                server.store().put(labelled("service-" + i, "round", "2"));
            }
            assertAll(watches);
        }
    }

    private static void assertAll(ArrayList<Future<Integer>> watches) throws InterruptedException, ExecutionException {
        for (var count : watches) {
            assertThat(count.get()).isEqualTo(CHANGES);
        }
    }

    private static void load(ObjectStore store) {
        var objects = new ArrayList<ObjectNode>(SERVICES);
        for (int i = 0; i < SERVICES; i++) {
            objects.add(labelled("service-" + i, "app", "app-" + i));
        }
        store.load(objects);
    }

    private static int countPaged(ApiServer server) throws Exception {
        try (var client = TestClient.of(server)) {
            int count = 0;
            var token = "";
            do {
                var page = client.get(PATH + "?limit=500" + token).json();
                count += page.get("items").size();
                var next = page.at("/metadata/continue").asText();
                token = next.isEmpty() ? "" : "&continue=" + next;
            } while (!token.isEmpty());
            return count;
        }
    }

    private static Callable<Integer> countEvents(ApiServer server, long version, int enough) {
        return () -> {
            try (var client = TestClient.of(server);
                    var watch = client.watch(PATH + "?resourceVersion=" + version)) {
                int count = 0;
                while (count < enough && watch.next().isPresent()) {
                    count++;
                }
                return count;
            }
        };
    }
}
