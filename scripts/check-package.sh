#!/usr/bin/env bash
# Makes a package (or takes the one named by $1), unpacks it and runs it as a machine without a JDK would: with an empty
# environment, from a directory with a space in its name, through links, and, as root, with all JDKs hidden, from a
# read-only file system, writing rules in a network namespace of its own. Called by ./verify --package.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
scratch=$(mktemp -d "${TMPDIR:-/tmp}/fairlead package.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

fail() {
  printf 'check-package: %s\n' "$*" >&2
  exit 1
}

# Runs a command with nothing from this environment.
bare() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent "$@" </dev/null; }

archive=${1-}
if [[ -z $archive ]]; then
  archive=$scratch/package.tar.gz
  "$root/fairlead" package --output "$archive" >/dev/null
fi
tar -xzf "$archive" -C "$scratch"
packages=("$scratch"/fairlead-*-linux-*)
package=${packages[0]}
[[ ${#packages[@]} -eq 1 && -d $package ]] || fail "$archive does not hold one directory fairlead-VERSION-linux-ARCH"

cd /
version=$(bare "$package/bin/fairlead" --version)
[[ $version == 'Fairlead '* ]] || fail "bin/fairlead --version says \"$version\""
mkdir "$scratch/links"
ln -s "$package/bin/kube-proxy" "$scratch/links/kube-proxy"
bare "$scratch/links/kube-proxy" --version | grep -q '^Kubernetes v' || fail 'a link to bin/kube-proxy does not start'
bare "$package/bin/kube-proxy" --help | grep -q -- --hostname-override || fail 'bin/kube-proxy --help lacks its flags'
if bare "$package/bin/kube-proxy" --no-such-flag 2>/dev/null; then
  fail 'bin/kube-proxy --no-such-flag succeeds'
fi
# A cache that does not belong to these jars and this runtime is passed over in silence, except in this mode.
bare "$package/runtime/bin/java" "@$package/app/jvm.options" -XX:AOTMode=on -XX:AOTCache="$package/app/fairlead.aot" \
  -jar "$package/app/fairlead.jar" --version >/dev/null || fail 'the ahead-of-time cache is not accepted'
for file in LICENSE NOTICE README.md; do
  [[ -s $package/$file ]] || fail "$file is missing"
done

manifests=$root/examples/three-nodes.yaml
flags=(--cluster-cidr=10.244.0.0/16)
rules=$(bare "$package/bin/fairlead" render -f "$manifests" --node k8s1 "${flags[@]}" --format save)
[[ $rules == *KUBE-SVC-NE3M6G7FP5C7DVRO* ]] || fail 'bin/fairlead render does not print the rules of the example'

if [[ $EUID -ne 0 ]]; then
  echo "check-package: $version: starts; NOT RUN: without a JDK, read-only, with a kernel (they need root)"
  exit 0
fi
# shellcheck disable=SC2016 # expanded by the shell inside
unshare --mount --net sh -euc '
  package=$1 link=$2 manifests=$3
  shift 3
  if [ -d /usr/lib/jvm ]; then mount -t tmpfs none /usr/lib/jvm; fi
  mount --bind "$package" "$package"
  mount -o remount,bind,ro "$package"
  if touch "$package/app/x" 2>/dev/null; then echo "not read-only" >&2; exit 1; fi
  export LC_ALL=C
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent "$package/bin/kube-proxy" --once \
    --manifests "$manifests" --hostname-override k8s1 "$@"
  iptables-save -t nat | grep -q "^:KUBE-SVC-NE3M6G7FP5C7DVRO "
  # In the other mode, called by a link.
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent "$link" --once --proxy-mode nftables \
    --manifests "$manifests" --hostname-override k8s1 "$@"
  nft list table ip kube-proxy | grep -q "10\.244\."
' sh "$package" "$scratch/links/kube-proxy" "$manifests" "${flags[@]}" 2>"$scratch/log" ||
  fail "kube-proxy --once, without a JDK, from a read-only file system: $(<"$scratch/log")"
echo "check-package: $version: starts, without a JDK, read-only, and writes its rules in both modes"
