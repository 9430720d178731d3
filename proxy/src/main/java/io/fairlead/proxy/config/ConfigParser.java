package io.fairlead.proxy.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the first document of a YAML or JSON text into a tree and remembers which keys were repeated. */
final class ConfigParser {

    private static final Pattern PROBLEM =
            Pattern.compile("(?m)^(could not find expected ':'|mapping values are not allowed)");

    private final JsonParser tokens;
    private final Map<String, ConfigNode> anchors = new HashMap<>();
    private final List<String> duplicates = new ArrayList<>();

    private ConfigParser(JsonParser tokens) {
        this.tokens = tokens;
    }

    /**
     * @param root empty for a text without a document
     * @param duplicates one line per repeated key, as upstream words them
     */
    record Parsed(Optional<ConfigNode> root, List<String> duplicates) {}

    /** @throws ConfigException when the text is neither JSON nor YAML; the message says where */
    static Parsed parse(String text) {
        if (text.stripLeading().startsWith("{")) {
            try {
                return parse(new JsonFactory(), text);
            } catch (IOException _) {
                // A YAML flow mapping also starts with a brace.
            }
        }
        try {
            return parse(new YAMLFactory(), text);
        } catch (IOException e) {
            throw new ConfigException("yaml: " + problem(e), e);
        }
    }

    private static Parsed parse(JsonFactory format, String text) throws IOException {
        try (var tokens = format.createParser(text)) {
            var parser = new ConfigParser(tokens);
            Optional<ConfigNode> root = tokens.nextToken() == null ? Optional.empty() : Optional.of(parser.value());
            return new Parsed(root, List.copyOf(parser.duplicates));
        }
    }

    private static String problem(IOException e) {
        String message = Optional.ofNullable(e.getMessage()).orElse("unreadable");
        var location = e instanceof com.fasterxml.jackson.core.JsonProcessingException json ? json.getLocation() : null;
        String line = location == null ? "" : "line " + location.getLineNr() + ": ";
        var known = PROBLEM.matcher(message);
        if (known.find()) {
            String problem = known.group(1);
            return line + (problem.startsWith("mapping") ? problem + " in this context" : problem);
        }
        return line + message.lines().findFirst().orElse(message);
    }

    private ConfigNode value() throws IOException {
        var anchor = tokens.getObjectId();
        var token = tokens.currentToken();
        ConfigNode node =
                switch (token) {
                    case START_OBJECT -> mapping();
                    case START_ARRAY -> sequence();
                    case VALUE_NUMBER_INT ->
                        new ConfigNode.Numeric(tokens.getBigIntegerValue().toString());
                    case VALUE_NUMBER_FLOAT -> decimal(tokens.getText());
                    case VALUE_TRUE -> new ConfigNode.Bool(true);
                    case VALUE_FALSE -> new ConfigNode.Bool(false);
                    case VALUE_NULL -> new ConfigNode.Null();
                    default -> textOrAlias();
                };
        if (anchor != null) {
            anchors.put(anchor.toString(), node);
        }
        return node;
    }

    /** YAML also has {@code .inf} and {@code .nan}, which no field here can hold. */
    private static ConfigNode decimal(String text) {
        String digits = text.replace("_", "");
        try {
            return new ConfigNode.Numeric(new BigDecimal(digits).toString());
        } catch (NumberFormatException _) {
            return new ConfigNode.Text(text);
        }
    }

    private ConfigNode textOrAlias() throws IOException {
        if (!(tokens instanceof YAMLParser yaml) || !yaml.isCurrentAlias()) {
            return new ConfigNode.Text(tokens.getText());
        }
        var target = anchors.get(tokens.getText());
        if (target == null) {
            throw new ConfigException(
                    "yaml: line " + tokens.currentTokenLocation().getLineNr() + ": unknown anchor '" + tokens.getText()
                            + "' referenced");
        }
        return target;
    }

    private ConfigNode mapping() throws IOException {
        var fields = new LinkedHashMap<String, ConfigNode>();
        while (tokens.nextToken() != JsonToken.END_OBJECT) {
            String key = tokens.currentName();
            int line = tokens.currentTokenLocation().getLineNr();
            tokens.nextToken();
            if (fields.put(key, value()) != null) {
                duplicates.add("line " + line + ": key " + GoText.quote(key) + " already set in map");
            }
        }
        return new ConfigNode.Mapping(fields);
    }

    private ConfigNode sequence() throws IOException {
        var items = new ArrayList<ConfigNode>();
        while (tokens.nextToken() != JsonToken.END_ARRAY) {
            items.add(value());
        }
        return new ConfigNode.Sequence(items);
    }
}
