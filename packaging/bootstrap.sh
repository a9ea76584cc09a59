#!/bin/sh
# Prepare .venv with medgui in it, from nothing, on Debian, Ubuntu and most other systems.
# Does nothing, quickly, where nothing changed. Usage: sh packaging/bootstrap.sh [--force]
set -eu

cd "$(dirname "$0")/.."
VENV=.venv
PYTHON="$VENV/bin/python"
STAMP="$VENV/.medgui-stamp"
LOG="$VENV/install.log"
EXTRAS="train,dev"
SYSTEM=packaging/system

# shellcheck source=packaging/find_python.sh
. packaging/find_python.sh

say() { printf 'medgui: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# --- packages of the system -------------------------------------------------------------------------------

# Prints the command prefix that may install packages without asking; fails where there is none.
root_prefix() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then
        printf 'env DEBIAN_FRONTEND=noninteractive'
    elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
        printf 'sudo -n env DEBIAN_FRONTEND=noninteractive'
    else
        return 1
    fi
}

# Installs the packages named, or says the one command that does and returns 1.
install_packages() {
    if prefix=$(root_prefix); then
        say "installing $*"
        if { $prefix apt-get install -y -qq --no-install-recommends "$@" \
            || { $prefix apt-get update -qq && $prefix apt-get install -y -qq --no-install-recommends "$@"; }; } \
            >/dev/null 2>&1; then
            return 0
        fi
    fi
    if command -v apt-get >/dev/null 2>&1; then
        say "run this once, then try again:  sudo apt-get install -y $*"
    else
        say "install what these Debian packages hold, then try again: $*"
    fi
    return 1
}

packages() { sed 's/#.*//' "$@" | tr '\n' ' '; }

# --- a Python that starts -----------------------------------------------------------------------------------

# The newest Python that this Debian or Ubuntu offers; nothing where it offers none that will do.
offered_python() {
    for minor in $MINORS; do
        if apt-cache show "python3.$minor-venv" >/dev/null 2>&1; then
            printf 'python3.%s python3.%s-venv' "$minor" "$minor"
            return
        fi
    done
}

obtain_python() {
    found=$(find_python)
    if [ -z "$found" ] && command -v apt-get >/dev/null 2>&1; then
        say "no Python 3.11 to 3.14 that starts and can make environments"
        offer=$(offered_python)
        if [ -z "$offer" ] && prefix=$(root_prefix) && $prefix apt-get update -qq >/dev/null 2>&1; then
            offer=$(offered_python)
        fi
        # shellcheck disable=SC2086
        [ -z "$offer" ] || install_packages $offer || exit 1
        found=$(find_python)
    fi
    [ -n "$found" ] || fail "needs Python 3.11 to 3.14 with venv; install one, or name it in MEDGUI_PYTHON"
    printf '%s' "$found"
}

# --- the environment ------------------------------------------------------------------------------------------

fingerprint() {
    cat pyproject.toml packaging/*.sh "$VENV/pyvenv.cfg" | cksum
    pwd
    [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || echo screen
}

# Runs a command quietly; shows the seconds on a terminal and the end of the log where it fails.
quietly() {
    label=$1
    shift
    say "$label"
    "$@" >>"$LOG" 2>&1 &
    job=$!
    seconds=0
    while kill -0 "$job" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        [ ! -t 2 ] || printf '\r        %s s ' "$seconds" >&2
    done
    [ ! -t 2 ] || printf '\r              \r' >&2
    if ! wait "$job"; then
        tail -n 15 "$LOG" >&2
        fail "that failed; the whole log is $LOG"
    fi
}

# An environment knows its own path; one that was moved or copied has to be made again.
usable_environment() {
    [ -x "$PYTHON" ] && python_version "$PYTHON" >/dev/null && grep -qsF "$(pwd)/$VENV/bin" "$VENV/bin/pip"
}

make_environment() {
    if ! usable_environment; then
        base=$(obtain_python)
        say "using $base ($(python_version "$base"))"
        "$base" -m venv --clear "$VENV" || fail "cannot make $VENV with $base"
    fi
    : >"$LOG"
    quietly "installing packages into $VENV (a few minutes the first time)" \
        "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-input -e ".[$EXTRAS]"
}

# --- Qt's libraries -------------------------------------------------------------------------------------------

# Asks Qt itself whether it can draw; a library that is missing fails the import.
qt_draws() {
    QT_QPA_PLATFORM=offscreen "$PYTHON" -c \
        'from PySide6 import QtSvg, QtWidgets; QtWidgets.QApplication([])' >>"$LOG" 2>&1
}

qt_reaches_screen() {
    plugin=$("$PYTHON" -c 'import PySide6; print(PySide6.__path__[0] + "/Qt/plugins/platforms/libqxcb.so")')
    needed=$(ldd "$plugin" 2>/dev/null) || return 1
    case "$needed" in *"not found"*) return 1 ;; esac
}

check_qt() {
    [ "$(uname -s)" = Linux ] || return 0
    if ! qt_draws; then
        # shellcheck disable=SC2046
        install_packages $(packages "$SYSTEM"/debian-offscreen.txt) || exit 1
        qt_draws || fail "Qt still cannot draw; the end of $LOG says why"
    fi
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && ! qt_reaches_screen; then
        # shellcheck disable=SC2046
        install_packages $(packages "$SYSTEM"/debian-screen.txt) || say "until then medgui cannot open a window"
    fi
}

# LightGBM, which trains trees, needs the system's OpenMP.
check_training() {
    [ "$(uname -s)" = Linux ] || return 0
    if ! "$PYTHON" -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' >/dev/null 2>&1; then
        # shellcheck disable=SC2046
        install_packages $(packages "$SYSTEM"/debian-train.txt) || say "until then no trees can be trained"
    fi
}

# Bytecode is made here: where Python may not write it, every start would compile the whole program again.
compile_code() {
    "$PYTHON" -m compileall -q medgui >/dev/null 2>&1 || true
}

if [ "${1:-}" != --force ] && [ -f "$STAMP" ] && [ "$(fingerprint)" = "$(cat "$STAMP")" ] && [ -x "$VENV/bin/medgui" ]; then
    compile_code
    exit 0
fi
make_environment
check_qt
check_training
compile_code
fingerprint >"$STAMP"
say "ready: $VENV/bin/medgui"
