#!/bin/sh
# check-accelerator.sh PYTHON: compile the accelerator with every warning an error. Its build at
# installation says nothing when it fails. Where there is no compiler, nothing is checked.
set -eu

cc=${CC:-cc}
command -v "$cc" >/dev/null || exit 0
include=$("$1" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
exec "$cc" -std=c11 -fsyntax-only -O2 -Wall -Wextra -Werror -I"$include" accelerator/*.c
