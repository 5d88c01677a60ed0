# Sourced by the launchers: exports JAVA_HOME of a JDK 25 or newer, or says in one line what is missing.

jdk_feature_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] && sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

is_recent_jdk() {
  feature=$(jdk_feature_version "$1") && [ -n "$feature" ] && [ "$feature" -ge 25 ]
}

jdk_on_path() {
  javac=$(command -v javac 2>/dev/null) || return 0
  dirname "$(dirname "$(readlink -f "$javac")")"
}

if [ -z "${JAVA_HOME-}" ] || ! is_recent_jdk "$JAVA_HOME"; then
  found_jdk=
  for candidate in "$(jdk_on_path)" /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/java/* \
    "${HOME-}"/.sdkman/candidates/java/* "${HOME-}"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_recent_jdk "$candidate"; then
      found_jdk=$candidate
      break
    fi
  done
  if [ -z "$found_jdk" ]; then
    echo "eventfleet: no JDK 25 or newer found; install one (for example Temurin 25) or set JAVA_HOME to it" >&2
    exit 1
  fi
  JAVA_HOME=$found_jdk
  export JAVA_HOME
fi
