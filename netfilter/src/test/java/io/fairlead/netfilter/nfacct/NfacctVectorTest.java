package io.fairlead.netfilter.nfacct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.netfilter.Vectors;
import io.fairlead.netfilter.netlink.NetlinkChannel;
import io.fairlead.netfilter.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Upstream's expectations of the counter messages. */
class NfacctVectorTest {

    private static final Map<String, Integer> ERRNO = Map.of(
            "no such file or directory", NetlinkException.ENOENT,
            "device or resource busy", NetlinkException.EBUSY,
            "operation not permitted", NetlinkException.EPERM,
            "too many open files", 24);

    @Test
    void replaysUpstreamsCounterTests() throws Exception {
        Vectors.replay("other/nfacct.json", Map.of(), NfacctVectorTest::replay);
    }

    private static void replay(JsonNode vector) throws Exception {
        var test = vector.get("test").asText();
        if (test.startsWith("TestDecode/")) {
            assertThat(lenient(CounterMessage.decode(bytes(vector.get("msg")))))
                    .isEqualTo(counter(vector.get("expected")));
        } else if (test.equals("TestRunner_List")) {
            list(vector);
        } else {
            call(test, vector);
        }
    }

    private static void list(JsonNode vector) {
        for (int i = 0; i < vector.get("expected").size(); i++) {
            var message =
                    CounterMessage.decode(bytes(vector.get("responses").get(0).get(i)));
            assertThat(message.counter())
                    .contains(counter(vector.get("expected").get(i)));
        }
    }

    private static void call(String test, JsonNode vector) throws IOException {
        var channel = new Scripted(vector.get("handler"));
        var nfacct = new Nfacct(channel);
        var name = vector.get("counterName").asText();
        var error = vector.path("err").asText("null");
        if (test.startsWith("TestRunner_Ensure/")) {
            nfacct.ensure(name);
        } else if (error.startsWith("object name")) {
            assertThatThrownBy(() -> nfacct.get(name)).isInstanceOf(IllegalArgumentException.class);
        } else if (error.equals("unexpected error")) {
            assertThatThrownBy(() -> {
                        if (test.startsWith("TestRunner_Add/")) {
                            nfacct.add(name);
                        } else {
                            nfacct.get(name);
                        }
                    })
                    .isInstanceOf(IOException.class);
        } else if (test.startsWith("TestRunner_Add/")) {
            assertThat(nfacct.add(name)).isEqualTo(!error.equals("object already exists"));
        } else if (error.equals("object not found")) {
            assertThat(nfacct.get(name)).isEmpty();
        } else {
            assertThat(nfacct.get(name)).contains(counter(vector.get("counter")));
        }
        assertThat(channel.calls).isEqualTo(vector.get("netlinkCalls").asInt());
    }

    private static Counter lenient(CounterMessage message) {
        return new Counter(
                message.name().orElse(""),
                message.packets().orElse(0),
                message.bytes().orElse(0));
    }

    private static Counter counter(JsonNode node) {
        return new Counter(
                node.get("Name").asText(),
                node.get("Packets").asLong(),
                node.get("Bytes").asLong());
    }

    private static byte[] bytes(JsonNode message) {
        return HexFormat.of().parseHex(message.get("hex").asText());
    }

    /** Answers with what was recorded: errors in order of the calls, then responses. */
    private static final class Scripted implements NetlinkChannel {
        private final Iterator<JsonNode> errors;
        private final Iterator<JsonNode> responses;
        private int calls;

        Scripted(JsonNode handler) {
            this.errors = handler.path("errs").iterator();
            this.responses = handler.path("responses").iterator();
        }

        @Override
        public List<byte[]> request(int type, int flags, byte[] payload) throws IOException {
            calls++;
            if (errors.hasNext()) {
                throw new NetlinkException("scripted", ERRNO.get(errors.next().asText()));
            }
            var answers = new ArrayList<byte[]>();
            if (responses.hasNext()) {
                responses.next().forEach(message -> answers.add(bytes(message)));
            }
            return answers;
        }

        @Override
        public void close() {}
    }
}
