#!/usr/bin/env bash
# Records a start of the package in directory $3, against an API server and a kernel, until the first sync and its
# orderly end. Runs inside a network namespace of its own, which ends with it. Arguments: the JDK's directory, the
# checkout's, the package's, and one for files that are needed only now.
set -euo pipefail
jdk=$1 root=$2 package=$3 scratch=$4

ip link set lo up
mkfifo "$scratch/server-input" "$scratch/server-output" "$scratch/log"

"$jdk/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xlog:disable -cp "$package/app/lib/*" \
  "$root/scripts/TrainingCluster.java" "$scratch/kubeconfig" "$root/examples/three-nodes.yaml" \
  <"$scratch/server-input" >"$scratch/server-output" 2>/dev/null &
# The server ends when nobody has its input open any more.
exec 7>"$scratch/server-input" 8<"$scratch/server-output"
read -r -t 60 _ <&8

export MALLOC_ARENA_MAX=2
# The size of the connection table is the machine's, and cannot be set from within a network namespace.
# Profiles of methods would be for the optimising compiler, which is switched off; without them the cache is smaller.
"$package/runtime/bin/java" "@$package/app/jvm.options" -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining \
  -XX:AOTCacheOutput="$package/app/fairlead.aot" -Xlog:disable -jar "$package/app/fairlead.jar" \
  proxy --kubeconfig="$scratch/kubeconfig" --hostname-override=k8s1 \
  --cluster-cidr=10.244.0.0/16 --conntrack-max-per-core=0 --v=2 7>&- 8<&- >/dev/null 2>"$scratch/log" &
proxy=$!
exec 9<"$scratch/log"
while read -r -t 60 line <&9; do
  [[ $line != *'"First sync complete" ipFamily="IPv4"'* ]] || break
done
# What the first moments after it load belongs to a start as well.
sleep 1
kill "$proxy"
cat <&9 >/dev/null
wait "$proxy"
