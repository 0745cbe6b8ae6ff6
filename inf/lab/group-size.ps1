<#
.SYNOPSIS
Makes processor groups small, so that a small machine has several. Asks for the restart, never does it.

.DESCRIPTION
Sets groupsize, maxgroup and groupaware of the running boot entry, as Microsoft's page "Boot Parameters to Test Drivers for Multiple
Processor Group Support" describes: 8 processors with -Size 2 become 4 groups of 2. 64-bit Windows only. The values that were there are
shown before they change. A size that is too small can leave processors without a group. Undo: -Remove.

.EXAMPLE
.\group-size.ps1 -Size 2
.\group-size.ps1 -Remove
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'Set')]
param(
    # Processors in a group: a power of two.
    [Parameter(Mandatory = $true, ParameterSetName = 'Set')] [ValidateSet(1, 2, 4, 8, 16, 32, 64)] [int] $Size,
    # Starts processes outside group 0, too, so that programs that know of no groups break where one can see it.
    [Parameter(ParameterSetName = 'Set')] [switch] $GroupAware,
    # Takes all three values out again.
    [Parameter(Mandatory = $true, ParameterSetName = 'Remove')] [switch] $Remove
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

if (-not [Environment]::Is64BitOperatingSystem) {
    throw '32-bit Windows has one processor group.'
}
$names = @('groupsize', 'maxgroup', 'groupaware')
$now = @(& bcdedit.exe /enum '{current}')
if ($LASTEXITCODE -ne 0) {
    throw "bcdedit ended with $LASTEXITCODE."
}
$present = @{}
foreach ($name in $names) {
    $found = @($now | Where-Object { $_ -match "^$name\s+(\S+)" })
    if ($found.Count -gt 0) {
        $present[$name] = ($found[0] -split '\s+', 2)[1].Trim()
        Write-Output "before: $name $($present[$name])"
    }
}
$wanted = @{}
if (-not $Remove) {
    $wanted['groupsize'] = "$Size"
    $wanted['maxgroup'] = 'on'
    if ($GroupAware) {
        $wanted['groupaware'] = 'on'
    }
}
$changed = $false
foreach ($name in $names) {
    if ($wanted.ContainsKey($name)) {
        $same = $present.ContainsKey($name) -and ($present[$name] -eq $wanted[$name] -or ($wanted[$name] -eq 'on' -and $present[$name] -eq 'Yes'))
        if (-not $same -and $PSCmdlet.ShouldProcess('{current}', "bcdedit /set $name $($wanted[$name])")) {
            & bcdedit.exe /set '{current}' $name $wanted[$name]
            if ($LASTEXITCODE -ne 0) {
                throw "bcdedit ended with $LASTEXITCODE for $name."
            }
            $changed = $true
        }
    } elseif ($present.ContainsKey($name) -and $PSCmdlet.ShouldProcess('{current}', "bcdedit /deletevalue $name")) {
        & bcdedit.exe /deletevalue '{current}' $name
        if ($LASTEXITCODE -ne 0) {
            throw "bcdedit ended with $LASTEXITCODE for $name."
        }
        $changed = $true
    }
}
if ($changed) {
    Write-Warning 'Restart Windows for this to count: shutdown /r /t 0'
} else {
    Write-Output 'nothing to change'
}
