#!/bin/sh
# Prepares .venv from a hash-pinned requirements file and sees to the text-layout library that the
# PDF engine needs. Says in one sentence what is missing where it cannot install it itself.
set -eu
requirements=$1

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }

apt_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    say "setup: installing $*"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } >/dev/null 2>&1
}

python=
for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed; please install it and run make again."

if [ ! -x .venv/bin/python ]; then
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        apt_install python3-venv || fail "the Python module venv is missing; please install python3-venv and run make again."
    fi
    say "setup: creating .venv"
    "$python" -m venv .venv
fi

say "setup: installing $requirements (hash-checked)"
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$requirements" ||
    fail "the packages in $requirements could not be installed; see the lines above."
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e . ||
    fail "the project itself could not be installed; see the lines above."

if ! .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1; then
    apt_install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ||
        say "setup: the text-layout library Pango is missing, so no PDF can be made; as root: apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"
fi
