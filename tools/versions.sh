#!/usr/bin/env bash
# A smoke test with the lowest versions of libraries that pyproject.toml allows, and on the later Pythons that are here.
# Needs uv, from the dependency group "check".
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v .venv/bin/uv || command -v uv) || { echo "uv is missing: pip install --group check"; exit 2; }
tests=(tests/test_{concurrency,knowledge,answers,frames,round_trips,spreadsheet,incidence}.py)
! command -v pyenv >/dev/null || PATH=$(printf '%s:' "$(pyenv root)"/versions/*/bin)$PATH
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# Arguments: a Python, and how uv chooses versions.
smoke() {
    if ! "$1" -c '' 2>/dev/null; then echo "$1 is not here"; return; fi
    local environment=$place/$1
    "$uv" venv -q --python "$(command -v "$1")" "$environment"
    "$uv" pip compile -q --python "$environment" --all-extras --resolution "$2" pyproject.toml -o "$environment.txt" >/dev/null
    "$uv" pip install -q --python "$environment" -r "$environment.txt" -e . pytest pytest-xdist hypothesis
    echo "$("$environment/bin/python" -V), $2 versions of the libraries"
    "$environment/bin/python" -m pytest -p no:cacheprovider -n 0 "${tests[@]}"
}

processes=()
for choice in 'python3.11 lowest-direct' 'python3.12 highest' 'python3.13 highest'; do
    smoke $choice >"$place/${choice%% *}.log" 2>&1 &
    processes+=($!)
done
status=0
for process in "${processes[@]}"; do wait "$process" || status=1; done
cat "$place"/*.log
exit $status
