package io.fairlead.proxy.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import org.yaml.snakeyaml.LoaderOptions;

/** Token streams over JSON and YAML, with limits that keep hostile input from filling the memory. */
final class Parsers {

    /** Deep enough for any custom resource definition, not for a bomb. */
    private static final int DEPTH = 200;

    /** No field we read is longer than a few kB; skipped ones (a ConfigMap's files) are bounded by the API at 1 MiB. */
    private static final int STRING_LENGTH = 16 << 20;

    private final JsonFactory json;
    private final YAMLFactory yaml;

    Parsers() {
        var constraints = StreamReadConstraints.builder()
                .maxNestingDepth(DEPTH)
                .maxStringLength(STRING_LENGTH)
                .build();
        json = JsonFactory.builder()
                .streamReadConstraints(constraints)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .build();
        var yamlLimits = new LoaderOptions();
        // Events are streamed, so a file's size costs no memory; the default of 3 MB refuses ordinary cluster dumps.
        yamlLimits.setCodePointLimit(Integer.MAX_VALUE);
        yamlLimits.setNestingDepthLimit(DEPTH);
        yaml = YAMLFactory.builder()
                .streamReadConstraints(constraints)
                .loaderOptions(yamlLimits)
                .build();
    }

    JsonParser json(InputStream in) throws IOException {
        return json.createParser(in);
    }

    JsonParser json(Reader in) throws IOException {
        return json.createParser(in);
    }

    JsonParser yaml(Reader in) throws IOException {
        return yaml.createParser(in);
    }
}
