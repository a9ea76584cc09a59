#!/bin/sh
# Puts medgui into the menu of this user, with its icon and file types; `--remove` takes that away. Needs no rights of root.
set -eu

here=$(dirname "$(readlink -f "$0")")
share=${XDG_DATA_HOME:-$HOME/.local/share}
id='@APP_ID@'

refresh() {
    ! command -v update-desktop-database >/dev/null || update-desktop-database -q "$share/applications" || true
    ! command -v update-mime-database >/dev/null || update-mime-database "$share/mime" || true
}

cd "$here/share"
if [ "${1:-}" = --remove ]; then
    find . -type f | while read -r file; do rm -f "$share/$file"; done
    refresh
    echo "medgui: taken out of the menu; the folder and your data are as they were"
    exit 0
fi
find . -type f | while read -r file; do
    mkdir -p "$share/$(dirname "$file")"
    cp "$file" "$share/$file"
done
# Quoted as the Desktop Entry Specification asks; a folder with a sign that is special there would not start.
case $here in *[\"\`\$\\%]*) echo "medgui: move this folder to a path without \" \` \$ \\ %" >&2; exit 1 ;; esac
sed -i -e "s|^Exec=medgui|Exec=\"$here/medgui\"|" -e "s|^TryExec=.*|TryExec=$here/medgui|" "$share/applications/$id.desktop"
refresh
echo "medgui: in the menu of $(id -un); run this again after the folder was moved"
