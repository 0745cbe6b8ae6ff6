<#
.SYNOPSIS
Makes a code signing certificate for test drivers and trusts it on this machine.

.DESCRIPTION
The certificate is made in LocalMachine\My and its public half is put into LocalMachine\Root and LocalMachine\TrustedPublisher, as
Microsoft's page "Test Signing" asks of a test computer. One that is there and valid is kept. Undo: -Remove.

.EXAMPLE
.\new-test-certificate.ps1
.\new-test-certificate.ps1 -Remove -WhatIf
#>
#Requires -Version 5.1
#Requires -RunAsAdministrator
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    # The subject's common name; what sign-driver.ps1 looks for.
    [ValidateNotNullOrEmpty()] [string] $Name = 'irqscope test signing',
    # Takes the certificate out of all three stores again.
    [switch] $Remove
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$subject = "CN=$Name"
$trusted = @('Root', 'TrustedPublisher')

function Get-Certificates([string] $Store) {
    @(Get-ChildItem -Path "Cert:\LocalMachine\$Store" | Where-Object { $_.Subject -eq $subject })
}

if ($Remove) {
    foreach ($store in @('My') + $trusted) {
        foreach ($certificate in (Get-Certificates $store)) {
            if ($PSCmdlet.ShouldProcess("Cert:\LocalMachine\$store\$($certificate.Thumbprint)", 'Remove the certificate')) {
                Remove-Item -Path $certificate.PSPath
            }
        }
    }
    return
}

$certificate = Get-Certificates 'My' | Where-Object { $_.HasPrivateKey -and $_.NotAfter -gt (Get-Date) } | Select-Object -First 1
if (-not $certificate) {
    if (-not $PSCmdlet.ShouldProcess('Cert:\LocalMachine\My', "Make the code signing certificate $subject")) {
        return
    }
    $certificate = New-SelfSignedCertificate -Type CodeSigningCert -Subject $subject -HashAlgorithm SHA256 `
        -CertStoreLocation 'Cert:\LocalMachine\My' -NotAfter (Get-Date).AddYears(2)
}
foreach ($storeName in $trusted) {
    if ((Get-Certificates $storeName) | Where-Object { $_.Thumbprint -eq $certificate.Thumbprint }) {
        continue
    }
    if ($PSCmdlet.ShouldProcess("Cert:\LocalMachine\$storeName", "Trust $($certificate.Thumbprint)")) {
        $store = New-Object System.Security.Cryptography.X509Certificates.X509Store($storeName, 'LocalMachine')
        $store.Open('ReadWrite')
        try {
            # The public half alone: no private key belongs into a store of trusted publishers.
            $public = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(, $certificate.RawData)
            $store.Add($public)
        } finally {
            $store.Close()
        }
    }
}
Write-Output "certificate $($certificate.Thumbprint), valid to $($certificate.NotAfter.ToString('yyyy-MM-dd'))"
