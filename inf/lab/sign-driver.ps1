<#
.SYNOPSIS
Makes the catalog of a driver package and signs the catalog and the driver with the test certificate.

.DESCRIPTION
The folder holds one INF and the .sys that it copies. With inf2cat and signtool of the WDK on the PATH those are used; otherwise
New-FileCatalog and Set-AuthenticodeSignature of PowerShell, which do for a test machine. Signing again replaces what was there.
Undo: delete the folder, or the .cat in it.

.EXAMPLE
.\sign-driver.ps1 -Folder C:\irqscope\x64
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)] [string] $Folder,
    # The common name that new-test-certificate.ps1 gave.
    [ValidateNotNullOrEmpty()] [string] $Name = 'irqscope test signing',
    # For inf2cat; see its page for the names of other systems.
    [string] $Systems = '10_X64'
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$package = (Resolve-Path -LiteralPath $Folder).ProviderPath
$infs = @(Get-ChildItem -LiteralPath $package -Filter '*.inf')
if ($infs.Count -ne 1) {
    throw "$package holds $($infs.Count) INF files; a package has one."
}
$line = @(Get-Content -LiteralPath $infs[0].FullName | Where-Object { $_ -match '^\s*CatalogFile\s*=' })
if ($line.Count -ne 1) {
    throw "$($infs[0].Name) names $($line.Count) catalogs; it must name one with CatalogFile."
}
$catalogName = (($line[0] -split '=', 2)[1] -split ';')[0].Trim()
$catalog = Join-Path $package $catalogName
$drivers = @(Get-ChildItem -LiteralPath $package -Filter '*.sys')
if ($drivers.Count -eq 0) {
    throw "$package holds no .sys file."
}
$certificate = Get-ChildItem -Path 'Cert:\LocalMachine\My' |
    Where-Object { $_.Subject -eq "CN=$Name" -and $_.HasPrivateKey -and $_.NotAfter -gt (Get-Date) } |
    Select-Object -First 1
if (-not $certificate) {
    throw "There is no valid certificate CN=$Name in Cert:\LocalMachine\My; run new-test-certificate.ps1 first."
}
$signtool = Get-Command -Name 'signtool.exe' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
$inf2cat = Get-Command -Name 'inf2cat.exe' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1

function Set-Signature([string] $File) {
    if (-not $PSCmdlet.ShouldProcess($File, "Sign with $($certificate.Thumbprint)")) {
        return
    }
    if ($signtool) {
        & $signtool.Source sign /fd SHA256 /sm /s My /sha1 $certificate.Thumbprint $File
        if ($LASTEXITCODE -ne 0) {
            throw "signtool ended with $LASTEXITCODE for $File."
        }
        return
    }
    $signature = Set-AuthenticodeSignature -FilePath $File -Certificate $certificate -HashAlgorithm SHA256
    if ($signature.Status -ne 'Valid') {
        throw "$File is not signed: $($signature.StatusMessage)"
    }
}

# The driver first: the catalog holds the hash of the signed file.
foreach ($driver in $drivers) {
    Set-Signature $driver.FullName
}
if ($PSCmdlet.ShouldProcess($catalog, 'Make the catalog')) {
    if (Test-Path -LiteralPath $catalog) {
        Remove-Item -LiteralPath $catalog
    }
    if ($inf2cat) {
        & $inf2cat.Source "/driver:$package" "/os:$Systems"
        if ($LASTEXITCODE -ne 0) {
            throw "inf2cat ended with $LASTEXITCODE."
        }
    } else {
        $null = New-FileCatalog -Path (@($infs[0].FullName) + @($drivers.FullName)) -CatalogFilePath $catalog -CatalogVersion 2.0
    }
}
Set-Signature $catalog
