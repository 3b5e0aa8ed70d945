#!/bin/sh
# Makes starter.snap anew from folders laid out like the OSV bucket: build.sh FOLDER...
set -eu
[ $# -gt 0 ] || { echo "usage: $0 FOLDER..." >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
count=$#
while [ "$count" -gt 0 ]; do
    set -- "$@" --from "$1"
    shift
    count=$((count - 1))
done
exec dotnet run --project "$here/../../../Local" -- advisories build --starter "$@" --out "$here/starter.snap"
