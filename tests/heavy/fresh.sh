#!/bin/sh
# fresh.sh [SUITE...]: the commands of the README, make demo and make test, in a clean clone on bare Debian systems
# (bookworm and trixie), as root and as an ordinary user. Says what was missing on each.
#
# Needs root, and mmdebstrap or debootstrap. The network is used as this machine is set up to: its apt source and apt
# settings make the bare system; its resolver, certificates and pip settings are copied into it.
# The ordinary user first reads what to install; where a command failed, that is installed, except HarfBuzz-Subset,
# without which all must work.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd -P)
say() { printf 'fresh: %s\n' "$*"; }
fail() { say "$*" >&2 && exit 1; }

# Outside: a folder for the bare systems. Nothing is ever mounted in this namespace, so removing it is safe.
if [ "${1-}" != --inside ]; then
    [ "$(id -u)" = 0 ] || fail "a bare system can only be made by root."
    work=$(mktemp -d "${TMPDIR:-/tmp}/evaluator-fresh-XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' HUP INT TERM
    [ $# -gt 0 ] || set -- bookworm trixie
    unshare --mount --pid --fork --kill-child sh "$0" --inside "$work" "$@"
    exit
fi

# Inside: mounts and processes end with the namespace.
work=$2
shift 2
settings=$work/apt.conf
apt-config dump Acquire | grep -E '^Acquire::([a-z]+::)?(Proxy|Check-Valid-Until|Check-Date|Retries|Timeout)' >"$settings" || true
# shellcheck disable=SC2016 # apt reads these
mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
    sed -n "s/^$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release) //p" | head -n 1)
[ -n "$mirror" ] || fail "apt has no source for this machine's own release, so there is none for a bare system."
[ -z "$(git -C "$here" status --porcelain)" ] || say "changes that are not committed are left out."

bare() { # SUITE: what the README asks for, and nothing else
    packages=python3,make,git,ca-certificates
    say "$1: making a bare system with $packages"
    if command -v mmdebstrap >/dev/null; then
        mmdebstrap --quiet --variant=minbase --include="$packages" --aptopt="$settings" "$1" "$work/$1" "$mirror"
    else
        debootstrap --variant=minbase --include="$packages" "$1" "$work/$1" "$mirror" >"$work/log"
    fi
    cp "$settings" "$work/$1/etc/apt/apt.conf.d/90host"
    cp -L /etc/resolv.conf "$work/$1/etc/resolv.conf"
    cp -L /etc/ssl/certs/ca-certificates.crt "$work/$1/etc/ssl/certs/"
    [ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$work/$1/etc/"
    chroot "$work/$1" useradd --create-home maker
}

system() { # SUITE USER: a copy of the bare system with a clean clone in the home of the user
    root=$work/$1-$2 user=$2
    home=$(chroot "$work/$1" sh -c "echo ~$user")
    cp -a "$work/$1" "$root"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    git clone --quiet --no-hardlinks "$here" "$root$home/evaluator"
    if [ -f "$HOME/.config/pip/pip.conf" ]; then
        mkdir -p "$root$home/.config/pip"
        cp "$HOME/.config/pip/pip.conf" "$root$home/.config/pip/"
    fi
    chroot "$root" chown -R "$user:" "$home"
}

run() { # COMMAND...: as the user, in the clone; what it printed stays in $work/log
    say "$name: $*"
    status=0
    env | grep -iE '^(pip_|ssl_cert|requests_ca|https?_proxy|no_proxy)' >"$work/environment" || true
    # shellcheck disable=SC2046 # addresses and paths have no blanks
    chroot --userspec="$user:" "$root" env -i HOME="$home" USER="$user" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin \
        $(cat "$work/environment") sh -c "cd ~/evaluator && $*" >"$work/log" 2>&1 </dev/null || status=$?
    cat "$work/log"
    return $status
}

must() { run "$@" || fail "$name: '$*' ended with $status."; }

named() { # the packages that the last run asked for, but not those given
    sed -n 's/^setup: .*as root: apt-get install \([a-z0-9 .+-]*\).*/\1/p' "$work/log" | tr ' ' '\n' | grep -vxF -e '' -e "${1-}"
}

install_named() {
    say "$name: installing as root what was named: $*"
    chroot "$root" sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $*" \
        >"$work/log" 2>&1 || { cat "$work/log" && fail "$name: what was named could not be installed."; }
}

for suite in "$@"; do
    bare "$suite"

    system "$suite" root
    name="$suite, root" missing=
    for target in demo test; do
        must make $target
        missing="$missing $(sed -n 's/^setup: installing \(.*\)/\1/p' "$work/log" | grep -v hash-checked | tr '\n' ' ')"
        [ -z "$(named)" ] || fail "$name: something is still missing after make $target."
        summary=$(tail -n 1 "$work/log")
    done
    report="${report-}fresh: $name: green, $summary; was missing and installed:$missing
"

    system "$suite" maker
    name="$suite, ordinary user" missing=
    for target in demo test; do
        while ! run make $target; do
            packages=$(named libharfbuzz-subset0 | tr '\n' ' ')
            [ -n "$packages" ] || fail "$name: make $target failed, and named nothing to install."
            [ "${missing%"$packages"}" = "$missing" ] || fail "$name: make $target asks again for $packages."
            install_named "$packages"
            missing="$missing $packages"
        done
        summary=$(tail -n 1 "$work/log")
        grep -q libharfbuzz-subset0 "$work/log" || fail "$name: HarfBuzz-Subset is missing, and make $target did not say so."
    done
    left=$(named | tr '\n' ' ')
    install_named "$left"
    must sh tools/setup.sh dev
    [ -z "$(named)" ] || fail "$name: something is still missing."
    report="${report}fresh: $name: green, $summary; was named and installed:$missing; works without, named too: $left
"
    rm -rf --one-file-system "${work:?}/$suite"
done
printf '%s' "$report"
