package io.fairlead.cli;

import io.fairlead.proxy.config.ConfigException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Every failure becomes one line on standard error, worded as kube-proxy words it where kube-proxy has it. */
final class Errors {

    private Errors() {}

    static int usage(ParameterException exception, String[] args) {
        var line = exception.getCommandLine();
        String name = name(line);
        line.getErr().println(name + ": " + oneLine(message(exception)) + hint(exception, name));
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String name(CommandLine line) {
        return Main.asKubeProxy(line)
                ? line.getCommandName()
                : line.getCommandSpec().qualifiedName();
    }

    private static String message(ParameterException exception) {
        return switch (exception) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case MissingParameterException missing -> missing(missing);
            case ParameterException other
            when other.getCause() instanceof TypeConversionException conversion && other.getArgSpec() != null ->
                "invalid argument " + Text.quote(String.valueOf(other.getValue())) + " for "
                        + Text.quote(names(other.getArgSpec())) + " flag: " + conversion.getMessage();
            case ParameterException other -> String.valueOf(other.getMessage());
        };
    }

    private static String unmatched(UnmatchedArgumentException exception) {
        String first = exception.getUnmatched().getFirst();
        if (!first.startsWith("-")) {
            return "unknown argument " + Text.quote(first);
        }
        return "unknown flag: " + first.replaceFirst("=.*", "");
    }

    private static String missing(MissingParameterException exception) {
        var missing = exception.getMissing();
        if (missing.size() == 1 && missing.getFirst() instanceof OptionSpec option && !option.required()) {
            return "flag needs an argument: " + option.longestName();
        }
        return String.valueOf(exception.getMessage());
    }

    /** {@code -v, --v}: shortest first. */
    private static String names(ArgSpec arg) {
        return arg instanceof OptionSpec option
                ? Stream.of(option.names())
                        .sorted(Comparator.comparingInt(String::length))
                        .collect(Collectors.joining(", "))
                : arg.paramLabel();
    }

    private static String hint(ParameterException exception, String command) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            String flag = unmatched.getUnmatched().getFirst().replaceFirst("=.*", "");
            var meant = Suggestion.forFlag(flag, exception.getCommandLine().getCommandSpec());
            if (meant.isPresent()) {
                return "; did you mean " + meant.get() + "?";
            }
        }
        String message = String.valueOf(exception.getMessage());
        return message.contains("--help") ? "" : "; see " + command + " --help";
    }

    /** What the operator can mend is one line; what only we can mend comes with its stack. */
    static int failure(Exception exception, CommandLine line, ParseResult parsed) {
        String name = name(line);
        String message = Optional.ofNullable(exception.getMessage())
                .orElse(exception.getClass().getSimpleName());
        line.getErr().println(name + ": " + oneLine(message));
        boolean expected =
                switch (exception) {
                    case ConfigException _, UncheckedIOException _, UnsupportedOperationException _ -> true;
                    default -> !(exception instanceof RuntimeException);
                };
        if (!expected) {
            exception.printStackTrace(line.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(String message) {
        return Text.escapeControls(message);
    }
}
