package io.fairlead.lab.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The form in which objects are sent: as they are, as rows of a table, as metadata only, as another version. */
interface Rendering {

    /** One object, alone or in a watch event. */
    void single(StoredObject object, OutputStream out) throws IOException;

    void list(ObjectList list, OutputStream out) throws IOException;

    /** The kind and apiVersion that a bookmark in this form has. */
    ResourceType shown();

    /** Objects as they are stored: encoded already. */
    record Plain(ResourceType shown) implements Rendering {

        @Override
        public void single(StoredObject object, OutputStream out) throws IOException {
            object.writeWhole(out);
        }

        @Override
        public void list(ObjectList list, OutputStream out) throws IOException {
            list.writeTo(out);
        }
    }

    /** Each object as another version of itself. */
    record Converted(ResourceAlias alias) implements Rendering {

        @Override
        public ResourceType shown() {
            return alias.shown();
        }

        @Override
        public void single(StoredObject object, OutputStream out) throws IOException {
            out.write(Json.bytes(alias.show(object.toJson())));
        }

        @Override
        public void list(ObjectList list, OutputStream out) throws IOException {
            var answer = Json.object().put("kind", shown().kind() + "List").put("apiVersion", shown().apiVersion());
            answer.set("metadata", list.metadata());
            var items = answer.putArray("items");
            list.items().forEach(object -> items.add(alias.show(object.toJson())));
            out.write(Json.bytes(answer));
        }
    }

    /** PartialObjectMetadata. */
    record MetadataOnly(ResourceType shown) implements Rendering {

        @Override
        public void single(StoredObject object, OutputStream out) throws IOException {
            out.write(Json.bytes(partial(object)));
        }

        @Override
        public void list(ObjectList list, OutputStream out) throws IOException {
            var answer = Json.object().put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
            answer.set("metadata", list.metadata());
            var items = answer.putArray("items");
            list.items().forEach(object -> items.add(partial(object)));
            out.write(Json.bytes(answer));
        }

        static ObjectNode partial(StoredObject object) {
            var partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
            partial.set("metadata", object.toJson().path("metadata"));
            return partial;
        }
    }

    /**
     * Rows of a table.
     *
     * @param includeObject {@code None}, {@code Metadata} or {@code Object}: what of the object goes with its row
     */
    record AsTable(ResourceType shown, Table table, Rendering whole, String includeObject) implements Rendering {

        @Override
        public void single(StoredObject object, OutputStream out) throws IOException {
            var head = Json.object()
                    .put(
                            "resourceVersion",
                            object.toJson().at("/metadata/resourceVersion").asText());
            write(head, List.of(object), out);
        }

        @Override
        public void list(ObjectList list, OutputStream out) throws IOException {
            write(list.metadata(), list.items(), out);
        }

        private void write(JsonNode metadata, Iterable<StoredObject> objects, OutputStream out) throws IOException {
            var head = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
            head.set("metadata", metadata);
            var columns = head.putArray("columnDefinitions");
            for (var column : table.columns()) {
                columns.addObject()
                        .put("name", column.name())
                        .put("type", column.type())
                        .put("format", column.name().equals("Name") ? "name" : "")
                        .put("description", column.name())
                        .put("priority", column.priority());
            }
            byte[] opening = Json.bytes(head);
            out.write(opening, 0, opening.length - 1);
            out.write(",\"rows\":[".getBytes(StandardCharsets.US_ASCII));
            boolean first = true;
            for (var object : objects) {
                out.write(first ? ' ' : ',');
                first = false;
                row(object, out);
            }
            out.write("]}\n".getBytes(StandardCharsets.US_ASCII));
        }

        private void row(StoredObject object, OutputStream out) throws IOException {
            var row = Json.object();
            table.cells().apply(object.toJson()).forEach(row.putArray("cells")::add);
            byte[] opening = Json.bytes(row);
            out.write(opening, 0, opening.length - 1);
            if (!includeObject.equals("None")) {
                out.write(",\"object\":".getBytes(StandardCharsets.US_ASCII));
                if (includeObject.equals("Object")) {
                    whole.single(object, out);
                } else {
                    out.write(Json.bytes(MetadataOnly.partial(object)));
                }
            }
            out.write('}');
        }
    }
}
