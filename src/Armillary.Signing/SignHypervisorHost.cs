using Microsoft.Build.Framework;

namespace Armillary.Signing;

/// <summary>The MSBuild task: signs an executable of macOS with an entitlement file, or with that of Hypervisor.framework alone.</summary>
public sealed class SignHypervisorHost : ITask
{
    /// <inheritdoc/>
    public IBuildEngine? BuildEngine { get; set; }

    /// <inheritdoc/>
    public ITaskHost? HostObject { get; set; }

    /// <summary>The executable.</summary>
    [Required]
    public string File { get; set; } = "";

    /// <summary>The signature's identifier.</summary>
    [Required]
    public string Identifier { get; set; } = "";

    /// <summary>A property list; if there is none, the hypervisor's entitlement.</summary>
    public string? EntitlementsFile { get; set; }

    /// <inheritdoc/>
    public bool Execute()
    {
        try
        {
            Entitlements entitlements = string.IsNullOrEmpty(EntitlementsFile) ? Entitlements.ForHypervisor : Entitlements.Parse(System.IO.File.ReadAllBytes(EntitlementsFile));
            AdHocSigner.SignFile(File, Identifier, entitlements);
            return true;
        }
        catch (Exception error) when (error is SigningException or IOException or UnauthorizedAccessException)
        {
            BuildEngine?.LogErrorEvent(new BuildErrorEventArgs("", "ARM0001", File, 0, 0, 0, 0, $"{File} is not signed: {error.Message}", "", nameof(SignHypervisorHost)));
            return false;
        }
    }
}
