<#
.SYNOPSIS
Driver Verifier for our drivers alone, on or off. Asks for the restart, never does it.

.DESCRIPTION
-On sets the standard rule classes: 1 special pool, 2 forced IRQL checking, 4 pool tracking, 5 I/O verification, 6 deadlock
detection, 8 DMA checking, 9 security checks, 12 miscellaneous checks, 18 DDI compliance checking. -Hard adds 3 randomised low
resources, 10 force pending I/O, 24 delay fuzzing, 35 IRQL checking, for when the standard ones are quiet. A driver that breaks
a rule stops the machine with a bug check: have a snapshot. It refuses while another driver is being verified. Undo: -Off.

.EXAMPLE
.\verifier.ps1 -On
.\verifier.ps1 -Off
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true, DefaultParameterSetName = 'Query')]
param(
    [Parameter(Mandatory = $true, ParameterSetName = 'On')] [switch] $On,
    [Parameter(ParameterSetName = 'On')] [switch] $Hard,
    [Parameter(Mandatory = $true, ParameterSetName = 'Off')] [switch] $Off
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$ours = @('irqscope.sys', 'irqscope-audio.sys')
$key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management'

function Get-VerifiedDrivers {
    $values = Get-ItemProperty -LiteralPath $key
    if ($values.PSObject.Properties.Name -contains 'VerifyDrivers') {
        @($values.VerifyDrivers -split '\s+' | Where-Object { $_ })
    }
}

$others = @(Get-VerifiedDrivers | Where-Object { $ours -notcontains $_ })
if ($On) {
    if ($others.Count -gt 0) {
        throw "Driver Verifier is set for $($others -join ', '); turn that off first, these settings would replace it."
    }
    $classes = @(1, 2, 4, 5, 6, 8, 9, 12, 18)
    if ($Hard) {
        $classes += @(3, 10, 24, 35)
    }
    if ($PSCmdlet.ShouldProcess($ours -join ', ', "verifier /ruleclasses $($classes -join ' ')")) {
        & verifier.exe /ruleclasses $classes /driver $ours
        # 0: set; 2: set, and Windows must restart.
        if (@(0, 2) -notcontains $LASTEXITCODE) {
            throw "verifier ended with $LASTEXITCODE."
        }
        Write-Warning 'Restart Windows for this to count: shutdown /r /t 0'
    }
} elseif ($Off) {
    if ($others.Count -gt 0) {
        throw "Driver Verifier is set for $($others -join ', '), too; verifier /reset would end that, so this script does not."
    }
    if (@(Get-VerifiedDrivers).Count -eq 0) {
        Write-Output 'nothing to change'
    } elseif ($PSCmdlet.ShouldProcess($ours -join ', ', 'verifier /reset')) {
        & verifier.exe /reset
        if (@(0, 2) -notcontains $LASTEXITCODE) {
            throw "verifier ended with $LASTEXITCODE."
        }
        Write-Warning 'Restart Windows for this to count: shutdown /r /t 0'
    }
} else {
    & verifier.exe /querysettings
}
