<#
.SYNOPSIS
Turns test signing on or off. Asks for the restart, never does it.

.DESCRIPTION
bcdedit refuses while Secure Boot is on, so this script looks first. Undo: -Off.

.EXAMPLE
.\test-signing.ps1
.\test-signing.ps1 -Off
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [switch] $Off
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$secureBoot = $false
try {
    $secureBoot = Confirm-SecureBootUEFI
} catch {
    # A machine with a BIOS has no Secure Boot, and the cmdlet throws there.
    Write-Verbose "Secure Boot: $($_.Exception.Message)"
}
if ($secureBoot -and -not $Off) {
    throw 'Secure Boot is on, so Windows would ignore test signing. Turn it off in the firmware of this test machine first.'
}
$wanted = 'on'
if ($Off) {
    $wanted = 'off'
}
if ($PSCmdlet.ShouldProcess('{current}', "bcdedit /set testsigning $wanted")) {
    & bcdedit.exe /set '{current}' testsigning $wanted
    if ($LASTEXITCODE -ne 0) {
        throw "bcdedit ended with $LASTEXITCODE."
    }
    Write-Warning 'Restart Windows for this to count: shutdown /r /t 0'
}
