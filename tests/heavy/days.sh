#!/bin/sh
# days.sh [DAY...]: the test suite on other days, with Debian's faketime: tomorrow, in a year, in five years and on
# 29 February; or on the days given, in the words of date(1).
set -eu
cd "$(dirname "$0")/../.."
if ! command -v faketime >/dev/null; then
    echo "days: faketime is missing; as root: apt-get install faketime" >&2
    exit 1
fi
[ $# -gt 0 ] || set -- '+1 day' '+1 year' '+5 years' '2028-02-29 12:00'
# The library for programs with threads, without its wrapper: that lets all programs share a clock behind a lock, and a program that a test kills
# while it reads the clock leaves all others waiting for ever.
# Not with FAKETIME_DONT_FAKE_MONOTONIC: faketime 0.9.10 then makes every time.sleep of Python fail.
# shellcheck disable=SC2016 # the inner shell reads it
library=$(faketime -m '+1 day' sh -c 'printf %s "$LD_PRELOAD"')
unset FAKETIME_DONT_FAKE_MONOTONIC FAKETIME_SHARED
failed=
for day in "$@"; do
    echo "days: the suite on $(date -d "$day" +%F) ($day)"
    ahead=$(($(date -d "$day" +%s) - $(date +%s)))
    env LD_PRELOAD="$library" FAKETIME="+$ahead" .venv/bin/python -m pytest -n auto || failed="$failed, $day"
done
[ -z "$failed" ] || { echo "days: failed: ${failed#, }" >&2 && exit 1; }
