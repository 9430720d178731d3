package io.fairlead.proxy.source;

/** Where objects were read from, as a log line says it. */
public sealed interface Origin {

    /** The Kubernetes API. */
    record Api() implements Origin {
        @Override
        public String at(int line) {
            return "API";
        }

        @Override
        public String toString() {
            return "API";
        }
    }

    /** A file, or standard input. */
    record File(String name) implements Origin {
        @Override
        public String at(int line) {
            return line > 0 ? name + ":" + line : name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * @param line from 1; 0 when it is not known
     */
    String at(int line);
}
