package io.fairlead.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The fields of KubeProxyConfiguration and its validation, row by row: {@code fields.csv} and {@code validation.csv}. */
class FieldTableTest {

    private static final String HEADER = "apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n";

    /**
     * @param field a JSON pointer
     * @param unset what a document without it amounts to; {@code -} is a field that is not written
     * @param zero the zero value written out, which means unset except for fields that tell the two apart
     */
    @ParameterizedTest
    @CsvFileSource(
            resources = "/io/fairlead/proxy/config/fields.csv",
            delimiter = '|',
            numLinesToSkip = 1,
            quoteCharacter = '`')
    void everyFieldIsReadDefaultedAndWrittenBack(
            String field, String unset, String given, String read, @Nullable String zero, @Nullable String zeroRead) {
        assertThat(written("", field)).isEqualTo(unset);
        if (zero == null || zeroRead == null) {
            return; // apiVersion: in the header already
        }
        assertThat(written(document(field, given), field)).isEqualTo(read);
        assertThat(written(document(field, "null"), field)).as("null").isEqualTo(unset);
        assertThat(written(document(field, zero), field)).as("zero").isEqualTo(zeroRead);
    }

    private static String document(String field, String value) {
        var names = field.substring(1).split("/", -1);
        var text = new StringBuilder();
        for (var name : names) {
            text.append(text.isEmpty() ? "" : "{").append(name).append(": ");
        }
        return text + value + "}".repeat(names.length - 1) + "\n";
    }

    private static String written(String text, String field) {
        var config = ConfigReader.decode(HEADER + text).config();
        var node = new ObjectMapper().valueToTree(ConfigWriter.document(config)).at(field);
        return node.isMissingNode() ? "-" : node.isTextual() ? node.asText() : node.toString();
    }

    /** @param document its lines separated by {@code ~} */
    @ParameterizedTest
    @CsvFileSource(
            resources = "/io/fairlead/proxy/config/validation.csv",
            delimiter = '|',
            numLinesToSkip = 1,
            quoteCharacter = '`')
    void everyCheckHasItsPathAndItsWords(String document, String errors) {
        var config = ConfigReader.decode(HEADER + document.replace('~', '\n'))
                .config()
                .withPlatformDefaults();
        var found = ConfigValidator.validate(config);
        var text = found.stream().map(FieldError::toString).collect(Collectors.joining(", "));
        assertThat(found.isEmpty() ? "none" : found.size() == 1 ? text : "[" + text + "]")
                .isEqualTo(errors);
    }
}
