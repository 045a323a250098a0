#!/bin/sh
# mitmproxy.sh DIR: install mitmproxy from PyPI into an environment of its own, which is slow to
# make and is kept. Where that is not allowed, it says so and ends with 0 all the same.
set -u

[ -x "$1/bin/mitmdump" ] && exit 0
mkdir -p "$(dirname "$1")"
"$(dirname "$0")/make-venv.sh" "$1" && "$1/bin/python" -m pip install --quiet mitmproxy \
    || echo "mitmproxy.sh: mitmproxy could not be installed; it is not measured" >&2
exit 0
