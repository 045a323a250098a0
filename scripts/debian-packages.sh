#!/bin/sh
# debian-packages.sh NAME...: install the Debian packages that are missing, where that is allowed.
# Where it is not (another system, no rights, no network), it says so and ends with 0 all the same.
set -u

give_up() {
    echo "debian-packages.sh: not installed:$missing ($1)" >&2
    exit 0
}

is_installed() {
    [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

missing=
for package in "$@"; do
    is_installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || give_up "this system has no apt-get; install them by hand"
if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    give_up "run: sudo apt-get install$missing"
fi

apt_install() {
    # shellcheck disable=SC2086  # the words are to be split
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --quiet --quiet --yes --no-install-recommends $missing >/dev/null
}

echo "installing the Debian packages$missing"
apt_install 2>/dev/null || { $as_root apt-get update --quiet --quiet && apt_install; } \
    || give_up "apt-get failed"

# The tests start servers of their own; a service that came up only because of this
# installation is stopped again.
if [ -d /run/systemd/system ]; then
    for package in $missing; do
        if systemctl is-active --quiet "$package.service"; then
            $as_root systemctl disable --now --quiet "$package.service"
        fi
    done
fi
exit 0
