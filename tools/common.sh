# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# What the tools share: sourced by them, never run.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Prints what is about to be done.
say() {
    printf '\n== %s\n' "$*"
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

is_root() {
    [[ $EUID -eq 0 ]]
}

have() {
    command -v "$1" >/dev/null
}

# Prints the directory of a bpftool that runs. Ubuntu's is a wrapper that fails when the tools of
# the running kernel are not installed; those of any kernel do for a build.
bpftool_dir() {
    local tool

    for tool in "$(command -v bpftool || true)" /usr/sbin/bpftool /usr/lib/linux-tools/*/bpftool; do
        if [[ -x $tool ]] && "$tool" version >/dev/null 2>&1; then
            dirname "$tool"
            return
        fi
    done
    return 1
}

# Adds to PATH what an ordinary user's may lack: system programs, and a bpftool that runs.
set_path() {
    local dir

    PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    if dir=$(bpftool_dir) && [[ $dir != "$(dirname "$(command -v bpftool || echo /)")" ]]; then
        PATH=$dir:$PATH
    fi
    export PATH
}

# Gives what root made for the user who called sudo to that user.
give_to_caller() {
    if is_root && [[ -n ${SUDO_UID:-} && -n ${SUDO_GID:-} ]]; then
        chown -R "$SUDO_UID:$SUDO_GID" "$@"
    fi
}

# Configures a build directory, again when it is there already, and from nothing when that fails.
configure_build() { # DIR OPTION...
    local dir=$1

    shift
    if [[ -f $dir/build.ninja ]] && meson setup --reconfigure "$@" "$dir" "$ROOT"; then
        return
    fi
    rm -rf "$dir"
    meson setup "$@" "$dir" "$ROOT"
}
