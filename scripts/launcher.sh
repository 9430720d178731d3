#!/bin/sh
# Starts Fairlead with the Java runtime that came with it. Called kube-proxy, also through a symbolic link of that name,
# it takes kube-proxy's arguments.
set -eu

root=$(dirname "$(dirname "$(readlink -f "$0")")")
if [ "${0##*/}" = kube-proxy ]; then
  set -- kube-proxy "$@"
fi
# The system's tools are found whatever the caller's environment holds.
export PATH="${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"
# Threads of the C library would otherwise keep an arena of memory each.
export MALLOC_ARENA_MAX=2
# A cache that does not fit (another file time, another machine) is not worth a word: the start is slower, that is all.
exec "$root/runtime/bin/java" "@$root/app/jvm.options" -XX:AOTCache="$root/app/fairlead.aot" \
  -Xlog:disable -Xlog:all=error,aot*=off,cds*=off:stderr -jar "$root/app/fairlead.jar" "$@"
