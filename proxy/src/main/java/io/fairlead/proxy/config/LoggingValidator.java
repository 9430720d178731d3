package io.fairlead.proxy.config;

import java.util.List;
import java.util.Map;

/** Checks of the logging options; run before logging starts and again with the rest of the configuration. */
public final class LoggingValidator {

    private static final String ALPHA = "LoggingAlphaOptions";
    private static final String BETA = "LoggingBetaOptions";

    private LoggingValidator() {}

    /** @throws ConfigException with all errors in one line, starting {@code initialize logging: } */
    public static void check(LoggingConfig config, Map<String, Boolean> gates) {
        var errors = new FieldErrors();
        check("logging.", config, gates, errors);
        List<FieldError> all = errors.all();
        if (!all.isEmpty()) {
            throw new ConfigException("initialize logging: " + FieldError.join(all));
        }
    }

    static void check(String path, LoggingConfig config, Map<String, Boolean> gates, FieldErrors errors) {
        switch (config.format()) {
            case "text" -> {}
            case "json" -> {
                if (!FeatureGates.enabled(BETA, gates)) {
                    forbidden(path + "format", "Log format json is disabled, see LoggingBetaOptions feature", errors);
                }
                if (!config.vmodule().isEmpty()) {
                    forbidden(path + "vmodule", "Only supported for text log format", errors);
                }
            }
            default -> errors.invalid(path + "format", config.format(), "Unsupported log format");
        }
        if (!config.flushFrequency().value().isPositive()) {
            String shown = GoDuration.format(config.flushFrequency().value());
            errors.invalid(path + "flushFrequency", shown, "Must be greater than zero");
        }
        verbosity(path + "verbosity", config.verbosity(), errors);
        for (int i = 0; i < config.vmodule().size(); i++) {
            vmodule(path + "vmodule[" + i + "]", config.vmodule().get(i), errors);
        }
        options(path + "options.text.", config.text(), gates, errors);
        options(path + "options.json.", config.json(), gates, errors);
    }

    private static void verbosity(String field, long verbosity, FieldErrors errors) {
        if (verbosity > Integer.MAX_VALUE) {
            errors.add(FieldError.invalid(field, Long.toString(verbosity), "Must be <= 2147483647"));
        }
    }

    private static void vmodule(String field, LoggingConfig.VmoduleItem item, FieldErrors errors) {
        if (item.filePattern().isEmpty()) {
            errors.add(new FieldError(field, "Required value: File pattern must not be empty"));
        } else if (item.filePattern().indexOf('=') >= 0 || item.filePattern().indexOf(',') >= 0) {
            errors.invalid(field, item.filePattern(), "File pattern must not contain equal sign or comma");
        }
        verbosity(field + ".verbosity", item.verbosity(), errors);
    }

    private static void options(
            String path, LoggingConfig.FormatOptions options, Map<String, Boolean> gates, FieldErrors errors) {
        if (FeatureGates.enabled(ALPHA, gates)) {
            return;
        }
        String disabled = "Feature " + ALPHA + " is disabled";
        if (options.splitStream()) {
            forbidden(path + "splitStream", disabled, errors);
        }
        if (options.buffers()) {
            forbidden(path + "infoBufferSize", disabled, errors);
        }
    }

    private static void forbidden(String field, String detail, FieldErrors errors) {
        errors.add(new FieldError(field, "Forbidden: " + detail));
    }
}
