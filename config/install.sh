#!/bin/sh
# Install lock files into .venv: with uv where there is one, else with Python's own venv and pip.
# Every package must have one of the hashes in the lock.
set -eu
python=${PYTHON3:-python3}
for lock; do
    shift
    set -- "$@" -r "$lock"
done

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "需要 Python 3.11 或更新版本（可设置 PYTHON3=…）。Python 3.11 or newer is needed (set PYTHON3=…)." >&2
    exit 1
}
echo "正在安装依赖（第一次约一分钟）…… Installing the libraries"
if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "$python" .venv
    uv pip install --quiet --python .venv/bin/python --require-hashes "$@"
    exit
fi
if ! [ -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    "$python" -m venv .venv || {
        echo "无法建立虚拟环境：Debian/Ubuntu 请先 apt install python3-venv。" >&2
        echo "Could not make a virtual environment; on Debian or Ubuntu: apt install python3-venv" >&2
        exit 1
    }
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "$@"
