package io.fairlead.lab.apiserver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client would like to get, most wanted first: the parameters of its JSON media ranges. */
record Accept(List<Map<String, String>> json) {

    Accept {
        json = List.copyOf(json);
    }

    static Accept parse(String header) {
        var ranges = new ArrayList<Map<String, String>>();
        for (var range : header.split(",", -1)) {
            var parts = range.strip().split(";", -1);
            if (parts[0].equals("application/json") || parts[0].equals("*/*") || parts[0].equals("application/*")) {
                var parameters = new HashMap<String, String>();
                for (int i = 1; i < parts.length; i++) {
                    int equals = parts[i].indexOf('=');
                    if (equals > 0) {
                        parameters.put(
                                parts[i].substring(0, equals).strip(),
                                parts[i].substring(equals + 1).strip());
                    }
                }
                ranges.add(Map.copyOf(parameters));
            }
        }
        return new Accept(ranges);
    }

    /**
     * The first form wanted.
     *
     * @param group of the form, {@code meta.k8s.io}
     * @param known forms that can be had; each as {@code Name/version}
     * @return empty for the ordinary form
     */
    Optional<String> first(String group, List<String> known) {
        for (var range : json) {
            if (!range.containsKey("as")) {
                return Optional.empty();
            }
            var form = range.get("as") + "/" + range.getOrDefault("v", "");
            if (group.equals(range.get("g")) && known.contains(form)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }
}
