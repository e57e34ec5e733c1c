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
# Not with FAKETIME_DONT_FAKE_MONOTONIC: faketime 0.9.10 then makes every time.sleep of Python fail.
unset FAKETIME_DONT_FAKE_MONOTONIC
failed=
for day in "$@"; do
    echo "days: the suite on $(faketime "$day" date +%F) ($day)"
    faketime "$day" .venv/bin/python -m pytest -n auto || failed="$failed, $day"
done
[ -z "$failed" ] || { echo "days: failed: ${failed#, }" >&2 && exit 1; }
