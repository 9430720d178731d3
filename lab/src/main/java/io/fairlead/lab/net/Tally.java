package io.fairlead.lab.net;

import io.fairlead.netfilter.ip.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What came of many probes.
 *
 * @param answers how often each server answered, by name
 * @param sources each server's clients as it saw them, by its name
 * @param failures every result that was no answer
 */
public record Tally(Map<String, Integer> answers, Map<String, Set<IpAddress>> sources, List<ProbeResult> failures) {

    public Tally {
        answers = Map.copyOf(answers);
        sources = Map.copyOf(sources);
        failures = List.copyOf(failures);
    }

    static Tally of(Collection<ProbeResult> results) {
        var answers = new TreeMap<String, Integer>();
        var sources = new TreeMap<String, Set<IpAddress>>();
        var failures = new ArrayList<ProbeResult>();
        for (var result : results) {
            switch (result) {
                case ProbeResult.Answer answer -> {
                    answers.merge(answer.server(), 1, Integer::sum);
                    sources.computeIfAbsent(answer.server(), _ -> new TreeSet<>())
                            .add(answer.seenSource());
                }
                case ProbeResult.Refused refused -> failures.add(refused);
                case ProbeResult.Unreachable unreachable -> failures.add(unreachable);
                case ProbeResult.TimedOut timedOut -> failures.add(timedOut);
            }
        }
        return new Tally(answers, sources, failures);
    }
}
