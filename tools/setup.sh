#!/bin/sh
# setup.sh run|dev: prepares .venv from hash-pinned requirements, and sees to what the machine itself must have
# (tools/needs.py): as root on Debian and its relatives it installs what is missing, elsewhere one sentence names it.
# Whatever stopped an earlier run, running it again is enough. .venv/run and .venv/dev say what is complete.
set -eu
cd "$(dirname "$0")/.."
kind=$1
case $kind in
run) requirements=requirements.lock ;;
dev) requirements='requirements-dev.lock' ;;
*) echo "usage: setup.sh run|dev" >&2 && exit 2 ;;
esac

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' HUP INT TERM
say() { printf 'setup: %s\n' "$*" >&2; }
fail() { say "$*" && exit 1; }

apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "installing $*"
    apt-get update -qq >"$log" 2>&1 || true # a list from an earlier day may do
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >>"$log" 2>&1 && return
    tail -n 5 "$log" >&2
    return 1
}

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    return 1
}

# A .venv is of use when it was finished, here, and its Python still runs. (A moved one has scripts that start another.)
venv_works() {
    [ ! -e .venv/unfinished ] && grep -qF "$(pwd -P)/.venv/bin/" .venv/bin/pip &&
        .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))'
} 2>/dev/null

make_venv() {
    rm -rf .venv
    mkdir .venv
    : >.venv/unfinished
    "$python" -m venv .venv >"$log" 2>&1
}

pip_install() {
    .venv/bin/python -m pip install -qq --disable-pip-version-check "$@" 2>"$log" && return
    cat "$log" >&2
    rm -f .venv/unfinished # pip left everything as it was; only an interrupted one does not
    if grep -qi 'from versions: none\|connection\|timed out\|name resolution' "$log"; then
        fail "the package index cannot be reached, or has not what is needed; connect this machine, or name an index that it reaches in pip's settings, and run make again."
    fi
    fail "the packages could not be installed; see the lines above."
}

if ! venv_works; then
    find_python || { apt_install python3 python3-venv && find_python; } ||
        fail "Python 3.11 or newer is missing; as root: apt-get install python3 python3-venv (Fedora: dnf install python3; macOS: brew install python); then run make again."
    say "creating .venv"
    if ! make_venv; then
        packages=$("$python" tools/needs.py packages "$kind")
        # shellcheck disable=SC2086 # the packages are words
        if [ -z "$packages" ] || ! apt_install $packages || ! make_venv; then
            cat "$log" >&2
            "$python" tools/needs.py sentence "$kind" && say ".venv could not be made; see the lines above."
            exit 1
        fi
    fi
fi

: >.venv/unfinished
say "installing $requirements (hash-checked)"
pip_install --require-hashes -r "$requirements"
pip_install --no-deps --no-build-isolation -e .
rm .venv/unfinished

missing() {
    .venv/bin/python tools/needs.py packages "$kind" || fail "the installed program does not run; see the lines above."
}
packages=$(missing)
if [ -n "$packages" ]; then
    # shellcheck disable=SC2086 # the packages are words
    if ! apt_install $packages || [ -n "$(missing)" ]; then
        .venv/bin/python tools/needs.py sentence "$kind" || exit 1
        exit 0 # but not marked as complete: the next make looks again
    fi
fi
touch .venv/run ".venv/$kind"
