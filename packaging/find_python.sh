# shellcheck shell=sh
# Find a Python that medgui can live in. Sourced by bootstrap.sh and by tests/test_bootstrap.py.

MINORS="13 12 11 14" # in this order: 3.14 works but is newer than what the tests run on
PROBE='import sys, ensurepip, venv, ssl, sqlite3, ctypes; print("%d.%d" % sys.version_info[:2])'
# Where interpreters lie beside those on the path.
FOLDERS="/usr/bin /usr/local/bin /opt/homebrew/bin
    ${PYENV_ROOT:-$HOME/.pyenv}/versions/*/bin $HOME/.local/share/uv/python/*/bin"

# Prints the version of an interpreter that really starts and can make environments; fails otherwise.
# A version manager's shim may exist and fail; Debian's python3 may lack ensurepip.
python_version() {
    version=$("$1" -c "$PROBE" 2>/dev/null) || return 1
    for minor in $MINORS; do
        if [ "$version" = "3.$minor" ]; then
            printf '%s' "$version"
            return
        fi
    done
    return 1
}

# Prints every interpreter to try, the best first; MEDGUI_PYTHON comes before all.
candidates() {
    [ -z "${MEDGUI_PYTHON:-}" ] || printf '%s\n' "$MEDGUI_PYTHON"
    for minor in $MINORS; do
        command -v "python3.$minor" 2>/dev/null || true
        for folder in $FOLDERS; do
            [ ! -x "$folder/python3.$minor" ] || printf '%s\n' "$folder/python3.$minor"
        done
    done
    command -v python3 2>/dev/null || true
}

# Prints the first candidate that will do; nothing where there is none.
find_python() {
    candidates | while IFS= read -r path; do
        if python_version "$path" >/dev/null; then
            printf '%s' "$path"
            break
        fi
    done
}
