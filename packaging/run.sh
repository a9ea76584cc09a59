#!/bin/sh
# Open medgui on a demo patient; with no screen, write that patient's report and say where.
set -eu

cd "$(dirname "$0")/.."
MEDGUI=.venv/bin/medgui
DEMO=${MEDGUI_DEMO:-resources/demo/cardiovascular-risk.json}
REPORT=medgui-demo-report.pdf

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; then
    exec "$MEDGUI" "$DEMO"
fi
"$MEDGUI" report "$DEMO" -o "$REPORT"
printf 'medgui: no screen here, so the report of the demo patient was written instead: %s/%s\n' "$(pwd)" "$REPORT"
