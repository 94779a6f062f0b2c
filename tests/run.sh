#!/usr/bin/env bash
# Runs every check in order and prints the seconds of each; the first failure is told at the end.
set -u
cd "$(dirname "$0")/.."

failed=()
times=()
part() {
  local name=$1 begun=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  "$@" || failed+=("$name")
  times+=("$(printf '%5d s  %s' $((SECONDS - begun)) "$name")")
}

# Maps and day sheets are opened in a real browser.
chromium() {
  command -v chromium chromium-browser google-chrome >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends chromium >/dev/null && return 0
  fi
  echo "Chromium is missing and cannot be installed here; install the Debian package chromium" >&2
  echo "as root, or set ROUTEPLANNER_NO_BROWSER=1 to leave the browser tests out." >&2
  [ "${ROUTEPLANNER_NO_BROWSER:-}" = 1 ]
}

# Types are checked while the search is compiled: once, before workers would each do it.
types_and_kernels() {
  local checked
  checked=$(mktemp)
  mypy >"$checked" 2>&1 &
  routeplanner warmup && wait $!
  local failed=$?
  cat "$checked" && rm -f "$checked"
  return $failed
}

part "browser" chromium
part "ruff format" ruff format --check .
part "ruff" ruff check .
part "imports" lint-imports
part "mypy and kernels" types_and_kernels
part "pytest" pytest -n "${ROUTEPLANNER_TEST_WORKERS:-2}" --durations 15 --ignore tests/test_notebooks.py
part "notebooks" pytest tests/test_notebooks.py

printf '\n== seconds of each part\n'
printf '%s\n' "${times[@]}"
if [ ${#failed[@]} -gt 0 ]; then
  printf '\nFAILED: %s\n' "${failed[*]}" >&2
  exit 1
fi
echo "all green"
