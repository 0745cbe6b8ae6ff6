<#
.SYNOPSIS
Packs what a step of docs/first-run.md left in a folder into one zip, with what Windows says of itself.

.DESCRIPTION
Adds the system's description, the driver's events of the last day and Driver Verifier's settings to the folder, then
packs it. Nothing is sent anywhere. Undo: delete the zip.

.EXAMPLE
.\pack-evidence.ps1 -Folder C:\irqscope\evidence -Step 4
#>
#Requires -Version 5.1
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)] [string] $Folder,
    [Parameter(Mandatory = $true)] [ValidateRange(1, 99)] [int] $Step
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$source = (Resolve-Path -LiteralPath $Folder).ProviderPath
$zip = Join-Path (Split-Path -Parent $source) ('irqscope-step-{0:00}.zip' -f $Step)
if (-not $PSCmdlet.ShouldProcess($zip, "Pack $source")) {
    return
}
Get-CimInstance -ClassName Win32_OperatingSystem |
    Select-Object -Property @('Caption', 'Version', 'BuildNumber', 'OSArchitecture', 'LastBootUpTime') |
    ConvertTo-Json | Set-Content -LiteralPath (Join-Path $source 'windows.json') -Encoding UTF8
Get-CimInstance -ClassName Win32_PnPSignedDriver |
    Where-Object { $_.InfName -and $_.DriverProviderName -eq 'irqscope' } |
    Select-Object -Property @('DeviceName', 'DeviceID', 'InfName', 'DriverVersion', 'IsSigned', 'Signer') |
    ConvertTo-Json | Set-Content -LiteralPath (Join-Path $source 'drivers.json') -Encoding UTF8
$since = (Get-Date).AddDays(-1)
$events = @(Get-WinEvent -FilterHashtable @{ LogName = 'System'; StartTime = $since } -ErrorAction SilentlyContinue |
    Where-Object { $_.Message -match 'irqscope|bugcheck' })
$events | Select-Object -Property @('TimeCreated', 'Id', 'ProviderName', 'Message') |
    ConvertTo-Json | Set-Content -LiteralPath (Join-Path $source 'events.json') -Encoding UTF8
& verifier.exe /querysettings | Set-Content -LiteralPath (Join-Path $source 'verifier.txt') -Encoding UTF8
Compress-Archive -Path (Join-Path $source '*') -DestinationPath $zip -Force
Write-Output $zip
