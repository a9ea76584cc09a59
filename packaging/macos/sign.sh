#!/bin/sh
# Sign the application or the disk image for macOS: sign.sh FILE
#
#   MEDGUI_CODESIGN_IDENTITY   "Developer ID Application: …" in the keychain. Without it nothing is signed, and that is said.
#   MEDGUI_NOTARY_PROFILE      profile of `xcrun notarytool store-credentials`; needs a network. Without it the file is signed
#                              and not notarised: Gatekeeper then refuses what came by download, and takes what an
#                              administrator put in place by other means.
set -eu

target=${1:?usage: sign.sh FILE}
here=$(cd "$(dirname "$0")" && pwd)
say() { printf 'sign: %s\n' "$*"; }

if [ -z "${MEDGUI_CODESIGN_IDENTITY:-}" ]; then
    say "no identity is named; $target is not signed"
    exit 0
fi

# The time stamp is fetched from a server; the notary asks for it, a signature alone does without.
stamp=--timestamp=none
[ -z "${MEDGUI_NOTARY_PROFILE:-}" ] || stamp=--timestamp

# From the inside out: a bundle's seal covers what is in it. Links are left alone, they lead to files that are signed.
sign() { codesign --force "$stamp" --options runtime --sign "$MEDGUI_CODESIGN_IDENTITY" "$@"; }

if [ -d "$target" ]; then
    find "$target/Contents" -type f \( -name '*.so' -o -name '*.dylib' \) -print | while IFS= read -r file; do
        sign "$file"
    done
    find "$target/Contents" -type d -name '*.framework' -prune -print | while IFS= read -r framework; do
        sign "$framework"
    done
    sign --entitlements "$here/entitlements.plist" "$target"
    codesign --verify --deep --strict "$target"
else
    sign "$target"
    codesign --verify --strict "$target"
fi

if [ -z "${MEDGUI_NOTARY_PROFILE:-}" ]; then
    say "no notary profile is named; $target is signed and not notarised"
    exit 0
fi
if [ -d "$target" ]; then
    say "the disk image is what gets notarised; run this again on it"
    exit 0
fi
xcrun notarytool submit "$target" --keychain-profile "$MEDGUI_NOTARY_PROFILE" --wait
xcrun stapler staple "$target"
