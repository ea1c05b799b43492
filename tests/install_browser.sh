#!/bin/sh
# As root on Debian: install Chromium, a Chinese font and what reads PDFs for the tests that need them. Elsewhere do
# nothing; those tests are then skipped and say what to install.
set -eu
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || exit 0
missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
fc-list 2>/dev/null | grep -qi 'cjk' || missing="$missing fonts-noto-cjk fontconfig"
[ -n "$missing" ] || exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
