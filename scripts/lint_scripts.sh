#!/bin/sh
# Lint the scripts of the pages: all of them, or those that are named. Where biome has no wheel, say so.
set -eu
cd "$(dirname "$0")/.."
if [ -x .venv/bin/biome ]; then
    exec .venv/bin/biome lint --error-on-warnings --log-level=warn "$@"
fi
echo "这个平台没有 biome，脚本没有检查。There is no biome for this platform: the scripts are not linted." >&2
