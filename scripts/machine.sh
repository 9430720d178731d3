# What Fairlead needs from the machine: a JDK and a few OS packages. Sourced by ./fairlead and ./verify.
# shellcheck shell=bash

# The oldest Java that runs and builds Fairlead.
readonly required_java=25

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  say "$@"
  exit 1
}

# Prints the feature version (25, 17, 8) of the JDK in directory $1, or nothing when there is no JDK.
# Reads the JDK's own `release` file: starting a JVM to ask would cost more than everything else here.
java_feature_version() {
  local line version
  [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 0
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=* ]]; then
      version=${line#JAVA_VERSION=}
      version=${version//\"/}
      version=${version#1.}
      printf '%s\n' "${version%%[!0-9]*}"
      return 0
    fi
  done <"$1/release"
}

# Sets `jdk` to the first suitable JDK, in the order of what the user said, what the distribution installs and what
# is on the PATH; returns 1 when there is none.
find_jdk() {
  local candidate on_path version
  on_path=$(type -P java || true)
  if [[ -n $on_path ]]; then
    on_path=$(readlink -f "$on_path")
    on_path=${on_path%/bin/java}
  fi
  for candidate in "${FAIRLEAD_JAVA_HOME-}" "${JAVA_HOME-}" /usr/lib/jvm/* "$on_path"; do
    [[ -n $candidate ]] || continue
    version=$(java_feature_version "$candidate")
    if [[ -n $version ]] && ((version >= required_java)); then
      # shellcheck disable=SC2034 # used by the scripts that source this one
      jdk=$candidate
      return 0
    fi
  done
  return 1
}

# True where missing packages can be installed without asking anybody.
can_install() { [[ $EUID -eq 0 && -r /etc/debian_version ]] && type -P apt-get >/dev/null; }

# Reads the package lists, once. A source that does not answer is no reason to give up: the others may suffice.
update_package_lists() {
  [[ -z ${package_lists_read-} ]] || return 0
  package_lists_read=yes
  apt-get -qq -o Acquire::Retries=2 -o Acquire::http::Timeout=30 update >/dev/null 2>&1 || true
}

# Installs the packages $@, or returns 1 after apt-get has said why not.
install_packages() {
  local log
  update_package_lists
  say "installing $* …"
  log=$(DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 --no-install-recommends install "$@" \
    </dev/null 2>&1) || {
    printf '%s\n' "$log" >&2
    return 1
  }
}

# Sets `jdk`, installing one where that is possible; ends the program when there is none.
ensure_jdk() {
  local package=openjdk-$required_java-jdk-headless
  find_jdk && return 0
  if can_install; then
    update_package_lists
    if [[ -n $(apt-cache search --names-only "^$package\$" 2>/dev/null) ]]; then
      install_packages "$package" && find_jdk && return 0
    fi
  fi
  die "no JDK $required_java or newer in \$FAIRLEAD_JAVA_HOME, \$JAVA_HOME, /usr/lib/jvm or on the PATH. Install one" \
    "(Debian 13, Ubuntu 24.04 and newer: apt-get install $package; elsewhere: https://adoptium.net) and, if it is in" \
    "another place, set FAIRLEAD_JAVA_HOME to its directory."
}

# Makes the commands of $@, each written as command=package, available; returns 1 if one is still missing.
ensure_commands() {
  local pair missing=()
  for pair in "$@"; do
    type -P "${pair%%=*}" >/dev/null || missing+=("${pair#*=}")
  done
  ((${#missing[@]} > 0)) || return 0
  if ! can_install; then
    say "not installed: ${missing[*]}. Install as root: apt-get install ${missing[*]}"
    return 1
  fi
  install_packages "${missing[@]}"
}

# Downloads the packages $2 … into the new directory $1 and installs nothing; returns 1 after apt-get has said why not.
download_packages() {
  local log
  update_package_lists
  log=$(
    mkdir -p "$1" && cd "$1" && apt-get -qq -o APT::Sandbox::User=root -o Acquire::Retries=2 \
      -o Acquire::http::Timeout=30 download "${@:2}" 2>&1
  ) || {
    printf '%s\n' "$log" >&2
    return 1
  }
}

# Sets `promtool` to the path of Prometheus' checker of metrics, or to nothing where it cannot be had. Debian has it in the
# package of the server, which would start one: only the program itself is taken out, and put into the directory $1.
find_promtool() {
  promtool=$(type -P promtool || true)
  if [[ -z $promtool && -x $1/promtool ]]; then promtool=$1/promtool; fi
  if [[ -n $promtool ]] || ! can_install; then return 0; fi
  say 'fetching promtool …'
  if download_packages "$1/download" prometheus &&
    dpkg-deb --fsys-tarfile "$1"/download/prometheus_*.deb | tar --extract --to-stdout ./usr/bin/promtool >"$1/promtool.new"; then
    chmod 755 "$1/promtool.new"
    mv "$1/promtool.new" "$1/promtool"
    promtool=$1/promtool
  else
    say 'going on without promtool'
  fi
  rm -rf "$1/download" "$1/promtool.new"
}

# Sets `nginx` to a directory with the files of Debian's nginx, or to nothing where there is one installed or it cannot be
# had. They are taken out of the packages and put below the directory $1: an installed nginx would at once serve the
# machine's own port 80. What did not work is not tried again.
find_nginx() {
  local package
  nginx=
  if [[ -x $1/nginx/usr/sbin/nginx ]]; then nginx=$1/nginx; fi
  if [[ -n $nginx || -e $1/no-nginx ]] || type -P nginx >/dev/null || ! can_install; then return 0; fi
  say "fetching Debian's nginx (nothing is installed) …"
  mkdir -p "$1"
  rm -rf "$1/nginx" "$1/unpacked" "$1/download"
  if download_packages "$1/download" nginx nginx-common &&
    for package in "$1"/download/*.deb; do dpkg-deb --extract "$package" "$1/unpacked" || break; done &&
    "$1/unpacked/usr/sbin/nginx" -v 2>/dev/null; then
    mv "$1/unpacked" "$1/nginx"
    nginx=$1/nginx
  else
    say "Debian's nginx cannot be had; the lab's own web server takes its place (to try again: rm $1/no-nginx)"
    : >"$1/no-nginx"
  fi
  rm -rf "$1/unpacked" "$1/download"
}

# Every command finds the system's tools and its home directory, whatever the caller's environment holds.
prepare_environment() {
  export PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin
  # Without HOME bash takes it from the user database.
  export HOME=${HOME:-~}
}
