import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fairlead.lab.apiserver.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An API server with the objects of a manifest file, for the recorded start of ./fairlead package. Writes a kubeconfig file
 * for itself, prints {@code ready}, and ends with its standard input.
 *
 * <p>Run from this source: {@code java -cp 'lib/*' TrainingCluster.java KUBECONFIG MANIFEST}.
 */
final class TrainingCluster {

    private TrainingCluster() {}

    public static void main(String[] args) throws IOException {
        try (var server = ApiServer.builder().tls().tokens("training").start();
                var objects = YAMLMapper.builder(new YAMLFactory())
                        .build()
                        .readerFor(ObjectNode.class)
                        .<ObjectNode>readValues(Path.of(args[1]).toFile())) {
            server.store().load(objects.readAll());
            Files.writeString(Path.of(args[0]), server.kubeconfig());
            System.out.println("ready");
            System.in.transferTo(System.err);
        }
    }
}
