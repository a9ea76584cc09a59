#!/bin/sh
# Open medgui on a demo patient; with no screen, write that patient's report and say where.
set -eu

cd "$(dirname "$0")/.."
MEDGUI=.venv/bin/medgui
DEMO=${MEDGUI_DEMO:-resources/demo/marlow_helen.json}
REPORT=medgui-demo-report.pdf

# A display may be named and not answer, or Qt may miss a library: ask Qt itself.
screen_answers() {
    [ "$(uname -s)" = Darwin ] || [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || return 1
    case "${QT_QPA_PLATFORM:-}" in offscreen | minimal) return 1 ;; esac
    .venv/bin/python -c 'from PySide6.QtGui import QGuiApplication; QGuiApplication([])' >/dev/null 2>&1
}

if screen_answers; then
    exec "$MEDGUI" "$DEMO"
fi
"$MEDGUI" report "$DEMO" -o "$REPORT"
printf 'medgui: no screen here, so the report of the demo patient was written instead: %s/%s\n' "$(pwd)" "$REPORT"
