package io.fairlead.lab.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodingTest {

    private final Schema schema = Schema.read();

    private static ObjectNode service(String spec) throws Exception {
        return (ObjectNode) new ObjectMapper().readTree("{\"spec\":" + spec + "}");
    }

    @Test
    void unknownFieldsAreDroppedAndNamed() throws Exception {
        var service = service("{\"ports\":[{\"port\":80,\"prot\":1}],\"kind\":\"x\",\"selector\":{\"any\":\"thing\"}}");
        assertThat(Decoding.decode(schema, "v1", "Service", service))
                .isEqualTo(List.of("spec.ports[0].prot", "spec.kind"));
        assertThat(service.toString())
                .isEqualTo("{\"spec\":{\"ports\":[{\"port\":80}],\"selector\":{\"any\":\"thing\"}}}");
    }

    @Test
    void aNullIsNothing() throws Exception {
        var service = service("{\"clusterIP\":null}");
        assertThat(Decoding.decode(schema, "v1", "Service", service)).isEmpty();
        assertThat(service.toString()).isEqualTo("{\"spec\":{}}");
    }

    @Test
    void aWrongTypeIsNamedAsGoNamesIt() throws Exception {
        var port = service("{\"ports\":[{\"port\":\"80\"}]}");
        assertThatThrownBy(() -> Decoding.decode(schema, "v1", "Service", port))
                .hasMessage(
                        "json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32");
        var ports = service("{\"ports\":{}}");
        assertThatThrownBy(() -> Decoding.decode(schema, "v1", "Service", ports))
                .hasMessage(
                        "json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort");
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        schema.definitions()
                .values()
                .forEach(definition -> definition
                        .fields()
                        .values()
                        .forEach(field -> assertThat(new SchemaWriter("", true)
                                        .definition(definition)
                                        .path("properties"))
                                .isNotEmpty()));
        schema.kinds()
                .forEach(
                        kind -> assertThat(schema.definition(kind.definition())).isNotNull());
    }
}
