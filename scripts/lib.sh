# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What scripts/run and scripts/test share: packages, configure, make. Sourced; all talk goes to
# standard error.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

library_packages=(gcc libc6-dev make autoconf automake pkg-config libopenblas-dev libgsl-dev
    libjansson-dev libsodium-dev libxxhash-dev libsqlite3-dev zlib1g-dev libncurses-dev libreadline-dev
    libreadstat-dev)
library_modules=(openblas gsl jansson libsodium libxxhash sqlite3 zlib ncursesw readline)
fedora_packages=(gcc make autoconf automake pkgconf-pkg-config openblas-devel gsl-devel jansson-devel
    libsodium-devel xxhash-devel sqlite-devel zlib-devel ncurses-devel readline-devel)
brew_packages=(autoconf automake pkg-config openblas gsl jansson libsodium xxhash sqlite zlib ncurses readline readstat)
test_packages=(libcmocka-dev libvterm-dev locales)

say() { printf '%s\n' "$*" >&2; }
die() {
    say "$0: $*"
    exit 1
}

# with_root COMMAND...: as root, or with sudo.
with_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian and Ubuntu: names what is missing of PACKAGES and installs it; nothing to do is no apt at all.
install_debian() {
    local package missing=()
    for package; do
        dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing: ${missing[*]}"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        die "not root and no sudo; as root: apt-get install ${missing[*]}"
    with_root env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get -qq update &&
        apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends "$@"' sh "${missing[@]}" </dev/null >&2 ||
        die "apt-get could not install: ${missing[*]}"
}

# Elsewhere nothing is installed: says what to install where something is missing.
name_packages() {
    local module tool missing=()
    for tool in make autoreconf automake pkg-config; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    if command -v pkg-config >/dev/null; then
        for module in "${library_modules[@]}"; do
            pkg-config --exists "$module" || missing+=("$module")
        done
    fi
    [ ${#missing[@]} -gt 0 ] || return 0
    say "missing here: ${missing[*]}"
    say "Fedora:  sudo dnf install ${fedora_packages[*]}"
    say "macOS:   brew install ${brew_packages[*]}"
    say "(for the tests also cmocka and libvterm)"
}

# Homebrew keeps these out of pkg-config's sight.
show_brew_packages() {
    local keg
    for keg in openblas readline ncurses sqlite zlib; do
        PKG_CONFIG_PATH="$(brew --prefix "$keg")/lib/pkgconfig:${PKG_CONFIG_PATH-}"
    done
    export PKG_CONFIG_PATH
}

# need_packages build|tests
need_packages() {
    if command -v brew >/dev/null; then show_brew_packages; fi
    if [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then
        local packages=("${library_packages[@]}")
        [ "$1" = build ] || packages+=("${test_packages[@]}")
        install_debian "${packages[@]}"
    else
        name_packages
    fi
}

processors() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# quietly COMMAND...: its output is shown only when it fails.
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# configure_build FOLDER ARGS...: runs autoreconf and configure only where they have not run with these
# arguments and test libraries; what is stale for other reasons, make's own rules renew.
configure_build() {
    local folder=$1 stamp
    shift
    stamp="$* cmocka $(pkg-config --modversion cmocka 2>/dev/null || true) vterm $(pkg-config --modversion vterm 2>/dev/null || true)"
    if [ ! -e "$root/Makefile.in" ] || [ ! -e "$root/configure" ] ||
        [ "$root/configure.ac" -nt "$root/configure" ]; then
        say "preparing the build (autoreconf)"
        (cd "$root" && quietly autoreconf -i) || die "autoreconf failed"
    fi
    mkdir -p "$root/$folder"
    if [ ! -e "$root/$folder/Makefile" ] || [ "$(cat "$root/$folder/.configured" 2>/dev/null)" != "$stamp" ]; then
        say "configuring $folder"
        (cd "$root/$folder" && quietly ../configure "$@") || die "configure failed; see $folder/config.log"
        printf '%s\n' "$stamp" >"$root/$folder/.configured"
    fi
}

# make_in FOLDER TARGET...
make_in() {
    local folder=$1
    shift
    make -C "$root/$folder" -s --no-print-directory -j"$(processors)" V=1 "$@" </dev/null
}
