# Sign files for Windows: sign.ps1 FILE...
#
# The certificate is named by the environment, never by a file of this repository:
#   MEDGUI_SIGN_THUMBPRINT          its fingerprint (SHA-1) in the user's store, where a token or a smart card puts it; or
#   MEDGUI_SIGN_PFX                 a file that holds it, with MEDGUI_SIGN_PASSWORD
#   MEDGUI_SIGN_TIMESTAMP           address of a time stamp server (RFC 3161). A build without a network leaves it out; the
#                                   signature then ends with the certificate.
# Without a certificate nothing is signed, and that is said.
[CmdletBinding()]
param([Parameter(Mandatory = $true, ValueFromRemainingArguments = $true)][string[]]$Files)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if (-not $env:MEDGUI_SIGN_THUMBPRINT -and -not $env:MEDGUI_SIGN_PFX) {
    Write-Output "sign: no certificate is named; not signed: $($Files -join ', ')"
    exit 0
}

function Find-SignTool {
    $found = Get-Command signtool.exe -ErrorAction SilentlyContinue
    if ($found) { return $found.Source }
    $kits = Join-Path ${env:ProgramFiles(x86)} 'Windows Kits\10\bin'
    $tools = @(Get-ChildItem -Path $kits -Filter signtool.exe -Recurse -ErrorAction SilentlyContinue |
        Where-Object { $_.DirectoryName -like '*\x64' } | Sort-Object FullName)
    if ($tools.Count -eq 0) { throw 'signtool.exe of the Windows SDK is not installed' }
    return $tools[-1].FullName
}

$arguments = @('sign', '/fd', 'SHA256', '/d', 'medgui')
if ($env:MEDGUI_SIGN_THUMBPRINT) {
    $arguments += @('/sha1', $env:MEDGUI_SIGN_THUMBPRINT)
}
else {
    $arguments += @('/f', $env:MEDGUI_SIGN_PFX)
    if ($env:MEDGUI_SIGN_PASSWORD) { $arguments += @('/p', $env:MEDGUI_SIGN_PASSWORD) }
}
if ($env:MEDGUI_SIGN_TIMESTAMP) {
    $arguments += @('/tr', $env:MEDGUI_SIGN_TIMESTAMP, '/td', 'SHA256')
}
else {
    Write-Output 'sign: no time stamp server is named; the signature ends with the certificate'
}

$tool = Find-SignTool
& $tool @arguments @Files
if ($LASTEXITCODE -ne 0) { throw "signtool ended with $LASTEXITCODE" }
& $tool verify /pa /q @Files
if ($LASTEXITCODE -ne 0) { throw "the signature does not verify ($LASTEXITCODE)" }
