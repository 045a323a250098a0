#!/bin/sh
# sanitized.sh PYTHON OUT: build the accelerator with the address and undefined-behaviour sanitizers.
set -eu

include=$("$1" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
mkdir -p "$(dirname "$2")"
exec "${CC:-cc}" -g -O1 -fno-omit-frame-pointer -Wall -Wextra -Werror \
    -fsanitize=address,undefined -fno-sanitize-recover=all \
    -fPIC -shared -I"$include" accelerator/*.c -o "$2"
