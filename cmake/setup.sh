# shellcheck shell=bash disable=SC2034
# Sourced by ./run and ./test: makes a fresh Debian 12 able to build, and
# builds. A second time it only looks, which takes a few hundredths of a second.
#
# Expects the working folder to be the root of the tree, and `set -euo pipefail`.

BUILD_PACKAGES=(
  ca-certificates git cmake ninja-build g++ pkg-config ccache
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
  librocksdb-dev libabsl-dev libssl-dev libsodium-dev libcsv-dev libicu-dev
  libtomlplusplus-dev libcli11-dev libspdlog-dev zlib1g-dev nlohmann-json3-dev
  libgtest-dev libgmock-dev libbenchmark-dev libglpk-dev libboost1.81-dev
  libcjose-dev libjansson-dev libcurl4-openssl-dev
)
TEST_PACKAGES=(clang-format-14 nginx-light openssl)

say() { printf '==> %s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "packages must be installed, but this is not root and there is no sudo. As root: $*"
  fi
}

# Installs those of the named Debian packages that are missing.
need_packages() {
  local have missing=() name
  command -v dpkg-query >/dev/null ||
    die "this set-up knows Debian only; elsewhere install what cmake/setup.sh lists by hand"
  have=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true)"
  for name in "$@"; do
    [[ $have == *" installed:$name "* ]] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    install --no-install-recommends "${missing[@]}"
}

# Fetches the google protos and buf, at the versions of the lock file.
need_protos() {
  local stamp=proto/node_modules/.steelyard-lock
  cmp -s proto/package-lock.json "$stamp" && return 0
  command -v node >/dev/null || need_packages nodejs
  command -v npm >/dev/null || need_packages npm
  say "Fetching the google protos and buf into proto/node_modules"
  # Not `npm ci`: it refuses a lock file that lacks buf for other systems.
  (cd proto && npm install --no-save --ignore-scripts --no-progress --loglevel=error)
  cp proto/package-lock.json "$stamp"
}

# Fetches the OpenID provider that sign-in is tested against; without it, its
# tests are skipped and say so, and fail under CI=true.
need_openid_provider() {
  local stamp=tests/oidc/node_modules/.steelyard-lock
  cmp -s tests/oidc/package-lock.json "$stamp" && return 0
  command -v node >/dev/null || need_packages nodejs
  command -v npm >/dev/null || need_packages npm
  say "Fetching an OpenID provider into tests/oidc/node_modules"
  if (cd tests/oidc && npm install --no-save --ignore-scripts --no-progress --loglevel=error); then
    cp tests/oidc/package-lock.json "$stamp"
  else
    say "Could not fetch it: the tests of signing in will be skipped"
  fi
}

# setup: everything that a build needs.
setup() {
  need_packages "${BUILD_PACKAGES[@]}" "$@"
  need_protos
}

# build PRESET [TARGET...]: configures if need be, and builds.
build() {
  local preset=$1 targets=() quiet=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  if [ ! -f "build/$preset/build.ninja" ] || [ CMakePresets.json -nt "build/$preset/build.ninja" ]; then
    say "Configuring build/$preset"
    mkdir -p "build/$preset"
    cmake --preset "$preset" >"build/$preset/configure.log" 2>&1 ||
      { cat "build/$preset/configure.log" >&2; die "could not configure build/$preset"; }
  fi
  [ -t 1 ] || quiet=(-- --quiet)
  say "Building build/$preset (minutes the first time, then seconds)"
  cmake --build --preset "$preset" "${targets[@]}" "${quiet[@]}" ||
    die "could not build ${*:-everything} in build/$preset"
}
