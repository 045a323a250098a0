#!/bin/sh
# make-venv.sh DIR: make a virtual environment with Python 3.11 or newer.
# PYTHON=... chooses the interpreter.
set -eu

is_recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if is_recent "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "${python:-}" ]; then
    echo "xmppspy needs Python 3.11 or newer; name one: make PYTHON=/path/to/python3.12" >&2
    exit 1
fi

# Debian's python3 comes without ensurepip, which is in python3-venv.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$(dirname "$0")/debian-packages.sh" python3-venv
fi
"$python" -m venv "$1"
