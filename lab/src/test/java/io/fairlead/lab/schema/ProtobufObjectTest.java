package io.fairlead.lab.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProtobufObjectTest {

    private final Schema schema = Schema.read();

    private static byte[] field(int number, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(number << 3 | 2);
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] number(int number, int value) {
        return new byte[] {(byte) (number << 3), (byte) value};
    }

    private static byte[] all(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        List.of(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private static byte[] object(String apiVersion, String kind, byte[] message) {
        return all(
                "k8s\0".getBytes(StandardCharsets.US_ASCII),
                field(1, all(field(1, apiVersion), field(2, kind))),
                field(2, message));
    }

    /** As Go writes it: empty names and zero node ports included. */
    private static byte[] service() {
        var port = all(
                field(1, ""),
                field(2, "TCP"),
                number(3, 80),
                field(4, all(number(1, 1), number(2, 0), field(3, "web"))),
                number(5, 0));
        var selector = field(2, all(field(1, "app"), field(2, "web")));
        var metadata = all(field(1, "web"), field(3, "default"), field(8, new byte[0]));
        return object("v1", "Service", all(field(1, metadata), field(2, all(field(1, port), selector, field(3, "")))));
    }

    @Test
    void whatGoWritesOfNothingIsLeftOut() throws Exception {
        assertThat(ProtobufObject.decode(schema, service()).toString())
                .isEqualTo(
                        "{\"metadata\":{\"name\":\"web\",\"namespace\":\"default\"},\"spec\":{\"ports\":[{\"protocol\":"
                                + "\"TCP\",\"port\":80,\"targetPort\":\"web\"}],\"selector\":{\"app\":\"web\"}},"
                                + "\"apiVersion\":\"v1\",\"kind\":\"Service\"}");
    }

    @Test
    void aDeploymentOfNoReplicasHasNone() throws Exception {
        var message = field(2, number(1, 0));
        assertThat(ProtobufObject.decode(schema, object("apps/v1", "Deployment", message))
                        .toString())
                .contains("\"spec\":{\"replicas\":0}");
    }

    @Test
    void fieldsOfMessagesThatJsonDoesNotShowAreTheOuterOnes() throws Exception {
        // volumes(1) → volumeSource(2) → emptyDir(2)
        var volume = all(field(1, "data"), field(2, field(2, new byte[0])));
        assertThat(ProtobufObject.decode(schema, object("v1", "Pod", field(2, field(1, volume))))
                        .at("/spec/volumes/0")
                        .toString())
                .isEqualTo("{\"name\":\"data\",\"emptyDir\":{}}");
    }

    @Test
    void otherBytesAndOtherKindsAreRefused() {
        assertThatThrownBy(() -> ProtobufObject.decode(schema, new byte[] {'{', '}'}))
                .hasMessage("protobuf: the object does not begin with \"k8s\\0\"");
        assertThatThrownBy(() -> ProtobufObject.decode(schema, object("example.org/v1", "Widget", new byte[0])))
                .hasMessage("protobuf: no definition of Widget in example.org/v1");
    }

    @Property(tries = 2000)
    void garbageIsRefusedAndNothingElse(@ForAll byte[] garbage, @ForAll int position, @ForAll byte replacement) {
        var mutated = service();
        mutated[4 + Math.floorMod(position, mutated.length - 4)] = replacement;
        for (var bytes : List.of(garbage, mutated, object("v1", "Pod", garbage))) {
            try {
                ProtobufObject.decode(schema, bytes);
            } catch (IOException e) {
                assertThat(e.getMessage()).startsWith("protobuf: ");
            }
        }
    }
}
