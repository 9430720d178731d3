package io.fairlead.lab.apiserver;

import static io.fairlead.lab.apiserver.Services.named;
import static io.fairlead.lab.apiserver.Services.service;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StoreFollowerTest {

    @Test
    void aFollowerThatFellBehindLearnsWhatIsThereAndWhatIsGone() throws Exception {
        var store = ObjectStore.create(ResourceTypes.standard(), 10, InstantSource.system());
        store.create(service("first"));
        var hold = new CountDownLatch(1);
        var seenAll = new CountDownLatch(1);
        var known = new TreeSet<String>();
        try (var _ = store.follow("slow", change -> {
            await(hold);
            var name = change.object().name().name();
            if (change instanceof StoreChange.Deleted) {
                known.remove(name);
            } else {
                known.add(name);
            }
            if (known.contains("last") && !known.contains("first")) {
                seenAll.countDown();
            }
        })) {
            store.delete(ResourceTypes.SERVICES, named("first"));
            for (int i = 0; i < 50; i++) {
                store.create(service("web-" + i));
            }
            store.create(service("last"));
            hold.countDown();
            assertThat(seenAll.await(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(known).hasSize(51).contains("last", "web-0", "web-49");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
