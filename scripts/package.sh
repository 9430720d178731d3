# ./fairlead package: makes the tarball that runs without a JDK. Sourced by ./fairlead, after its build.
# shellcheck shell=bash
# shellcheck disable=SC2154 # jdk, root and build are those of the script that sources this one

package_usage() {
  cat <<'END'
Usage: ./fairlead package [--output FILE]

Makes fairlead-VERSION-linux-ARCH.tar.gz: Fairlead, a Java runtime with just the modules it needs, and an ahead-of-time
cache recorded from a real start. It runs from any directory of a machine without a JDK, also from a read-only one.

  --output FILE   where to write it (default: target/ of this checkout, under the name above)

Environment:
  SOURCE_DATE_EPOCH   the time of all files inside, in seconds since 1970 (default: that of the last commit)
END
}

# Beyond what jdeps finds in the class files: elliptic curves for TLS on JDKs that keep them apart, and the numbers
# about the process itself.
readonly modules_at_run_time=(jdk.crypto.ec java.management jdk.management)
# What libraries use only if it is there, and Fairlead never asks them to: Java beans for objects from YAML, SQL dates
# as JSON.
readonly modules_not_needed='java.desktop java.sql'

# Prints the modules of the runtime for the jars $@, separated by commas.
needed_modules() {
  local available module modules
  available=" $("$jdk/bin/java" --list-modules | sed 's/@.*//' | tr '\n' ' ')"
  modules=$("$jdk/bin/jdeps" --multi-release 25 --ignore-missing-deps -summary "$@" 2>/dev/null |
    awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^(java|jdk)\./) print $i }')
  [[ $modules == *java.base* ]] || die "jdeps finds no modules that $1 needs"
  for module in $modules "${modules_at_run_time[@]}"; do
    if [[ " $modules_not_needed " != *" $module "* && $available == *" $module "* ]]; then
      printf '%s\n' "$module"
    fi
  done | LC_ALL=C sort -u | paste -sd ,
}

# Puts a Java runtime for the jars in $1/app into $1/runtime.
add_runtime() {
  local log
  log=$("$jdk/bin/jlink" --add-modules "$(needed_modules "$1"/app/fairlead.jar "$1"/app/lib/*.jar)" \
    --strip-java-debug-attributes --no-header-files --no-man-pages --output "$1/runtime" 2>&1) ||
    die "jlink cannot make a runtime from $jdk: $log"
  # Tools that come along with the modules.
  rm -f "$1"/runtime/bin/{jwebserver,keytool,rmiregistry}
}

# Copies the licences of the libraries in $1/app/lib to $1/legal and lists them in $1/NOTICE. A library without an entry
# in the table is an error: nobody has looked at its licence.
add_licences() {
  local jar name prefix licence text rest found
  printf 'Fairlead comes under the Apache License 2.0 (LICENSE) and with these libraries, whose\n%s\n\n' \
    'sources are in Maven Central under the same names and versions; the Java runtime is described in runtime/legal.' \
    >"$1/NOTICE"
  for jar in "$1"/app/lib/*.jar; do
    name=${jar##*/}
    case $name in lab-* | netfilter-* | proxy-*) continue ;; esac
    found=no
    while read -r prefix licence text rest; do
      if [[ $prefix != '#' && $name == "$prefix"* ]]; then
        found=yes
        mkdir -p "$1/legal/${name%.jar}"
        [[ $text == inside || $text == LICENSE ]] || cp "$root/deploy/licenses/$text" "$1/legal/${name%.jar}/"
        printf '%-44s %-12s %s\n' "${name%.jar}" "$licence" "$([[ $text == LICENSE ]] && echo LICENSE || echo "legal/${name%.jar}")" \
          >>"$1/NOTICE"
      fi
    done <"$root/deploy/licenses/jars.txt"
    [[ $found == yes ]] || die "$name: no licence is known; look it up and add it to deploy/licenses/jars.txt"
    extract_licences "$jar" "$1/legal/${name%.jar}"
  done
  find "$1/legal" -type d -empty -delete
}

# Copies the licences and notices that the jar $1 brings along to the directory $2.
extract_licences() {
  local files
  mapfile -t files < <("$jdk/bin/jar" -tf "$1" | grep -E '^META-INF/[^/]*(LICENSE|NOTICE)[^/]*$')
  ((${#files[@]} > 0)) || return 0
  (cd "$2" && "$jdk/bin/jar" -xf "$1" "${files[@]}" && mv META-INF/* . && rmdir META-INF)
}

# Records a start of the package in $1 for its next starts: the whole of it where network namespaces can be made,
# otherwise only as far as the rules.
add_ahead_of_time_cache() {
  local namespace=(unshare --net) scratch=$1/../training
  [[ $EUID -eq 0 ]] || namespace=(unshare --user --map-root-user --net)
  mkdir -p "$scratch"
  if "${namespace[@]}" iptables -t nat -S >/dev/null 2>&1 &&
    "${namespace[@]}" bash "$root/scripts/training.sh" "$jdk" "$root" "$1" "$scratch"; then
    say 'recorded a start with an API server and a kernel'
  elif record_package_start "$1" render -f "$root/examples/three-nodes.yaml" \
    --config "$root/examples/kube-proxy-config.yaml" --node k8s1 >/dev/null 2>&1; then
    say 'recorded a start without a kernel: the first seconds will be slower (as root it is more)'
  else
    die "the package cannot be started: $("$1/runtime/bin/java" -jar "$1/app/fairlead.jar" --version 2>&1)"
  fi
  [[ -s $1/app/fairlead.aot ]] || die 'the Java runtime has not written its ahead-of-time cache'
}

# Runs the package in $1 with the arguments from $2 on, and keeps what was loaded and linked as its cache.
record_package_start() {
  "$1/runtime/bin/java" "@$1/app/jvm.options" -XX:AOTCacheOutput="$1/app/fairlead.aot" -Xlog:disable \
    -jar "$1/app/fairlead.jar" "${@:2}"
}

package_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}

# Puts everything but the cache into the directory $1.
fill_package() {
  mkdir -p "$1/app" "$1/bin"
  cp -r "$build/fairlead.jar" "$build/lib" "$root/scripts/jvm.options" "$1/app/"
  install -m 755 "$root/scripts/launcher.sh" "$1/bin/fairlead"
  ln -s fairlead "$1/bin/kube-proxy"
  cp "$root/LICENSE" "$1/"
  cp "$root/deploy/PACKAGE.md" "$1/README.md"
  add_licences "$1"
  add_runtime "$1"
}

make_package() {
  local output='' scratch name version epoch
  while (($# > 0)); do
    case $1 in
      --output=?*) output=${1#--output=} ;;
      --output)
        (($# > 1)) || die '--output needs a file'
        output=$2
        shift
        ;;
      -h | --help)
        package_usage
        return 0
        ;;
      *)
        say "package: unknown option \"$1\"; see ./fairlead package --help"
        exit 2
        ;;
    esac
    shift
  done
  version=$("$jdk/bin/java" -jar "$build/fairlead.jar" --version | awk '{ sub(/,$/, "", $2); print $2 }')
  name=fairlead-$version-linux-$(package_architecture)
  output=$(readlink -m "${output:-$root/target/$name.tar.gz}")
  epoch=${SOURCE_DATE_EPOCH:-$(git -C "$root" log -1 --format=%ct 2>/dev/null || date +%s)}
  scratch=$(mktemp -d)
  # shellcheck disable=SC2064 # the directory of now
  trap "rm -rf '$scratch'" EXIT
  fill_package "$scratch/$name"
  # The cache belongs to jars and runtime of exactly this time: unpacking must give the same.
  find "$scratch/$name" -exec touch -h -d "@$epoch" {} +
  add_ahead_of_time_cache "$scratch/$name"
  mkdir -p "${output%/*}"
  tar --create --gzip --file "$output" --directory "$scratch" --sort=name --mtime="@$epoch" --owner=0 --group=0 \
    --numeric-owner --mode=u+rwX,go+rX,go-w "$name"
  printf '%s\n' "$output"
}
