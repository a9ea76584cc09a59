#!/bin/sh
# Make the disk image of the built application: dmg.sh medgui.app OUTPUT VERSION
# A compressed, read-only image with the application and a link to the folder that it is dragged to.
set -eu

app=${1:?usage: dmg.sh APP OUTPUT VERSION}
output=${2:?usage: dmg.sh APP OUTPUT VERSION}
version=${3:?usage: dmg.sh APP OUTPUT VERSION}
here=$(cd "$(dirname "$0")" && pwd)
image="$output/medgui-$version-macos-$(uname -m).dmg"

[ -d "$app/Contents/MacOS" ] || { echo "dmg: $app is no application" >&2; exit 2; }
sh "$here/sign.sh" "$app"

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT HUP INT TERM
# ditto keeps links, permissions and the signature's attributes.
ditto "$app" "$stage/medgui.app"
ln -s /Applications "$stage/Applications"
mkdir -p "$output"
hdiutil create -volname "medgui $version" -srcfolder "$stage" -fs HFS+ -format ULFO -ov -quiet "$image"
sh "$here/sign.sh" "$image"
hdiutil verify -quiet "$image"
echo "$image"
