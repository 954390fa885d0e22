using System.CommandLine;
using Armillary.Signing;

namespace Armillary.Cli;

/// <summary><c>armillary sign</c>: gives an executable of macOS a signature with the hypervisor's entitlement, on any host.</summary>
internal static class SignCommand
{
    public static Command Create(Surroundings surroundings)
    {
        Argument<FileInfo> file = new("FILE") { Description = "An executable of macOS (Mach-O of one architecture)." };
        Option<FileInfo?> output = new("--output") { Description = "Where the signed file goes; default: in place of FILE.", HelpName = "FILE" };
        Option<string?> identifier = new("--identifier") { Description = "The signature's identifier; default: that of the signature before, or else the file's name.", HelpName = "ID" };
        Option<FileInfo?> entitlements = new("--entitlements") { Description = "A property list; default: com.apple.security.hypervisor alone.", HelpName = "PLIST" };
        Option<bool> show = new("--show") { Description = "Signs nothing, and prints what the signature says. Exit code 1 if it is not as it was signed." };
        Option<bool> json = new("--json") { Description = "With --show, one JSON object: identifier, adHoc, hardened, whole, entitlements." };
        var command = new Command("sign", "Signs an executable ad hoc with the entitlement that Hypervisor.framework wants, as codesign does on a Mac.") { file, output, identifier, entitlements, show, json };
        command.SetAction(result =>
        {
            string path = result.GetValue(file)!.FullName;
            try
            {
                if (result.GetValue(show)) return Show(path, result.GetValue(json), surroundings);
                Entitlements wanted = result.GetValue(entitlements) is { } list ? Entitlements.Parse(File.ReadAllBytes(list.FullName)) : Entitlements.ForHypervisor;
                string name = result.GetValue(identifier) ?? CodeSignature.Read(File.ReadAllBytes(path))?.Identifier ?? Path.GetFileName(path);
                AdHocSigner.SignFile(path, name, wanted, result.GetValue(output)?.FullName);
                return ExitCode.Success;
            }
            catch (SigningException error)
            {
                surroundings.Complain($"{path}: {error.Message}");
                return ExitCode.Error;
            }
        });
        return command;
    }

    private static int Show(string path, bool json, Surroundings surroundings)
    {
        if (CodeSignature.Read(File.ReadAllBytes(path)) is not { } signature)
        {
            surroundings.Complain($"{path}: the file is not signed");
            return ExitCode.Error;
        }

        if (json)
        {
            Json.Write(surroundings.Out, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("identifier", signature.Identifier);
                writer.WriteBoolean("adHoc", signature.IsAdHoc);
                writer.WriteBoolean("hardened", signature.IsHardened);
                writer.WriteBoolean("whole", signature.IsWhole);
                writer.WriteStartArray("entitlements");
                foreach (string entitlement in signature.Granted) writer.WriteStringValue(entitlement);
                writer.WriteEndArray();
                writer.WriteEndObject();
            });
        }
        else
        {
            surroundings.Out.WriteLine($"identifier    {signature.Identifier}");
            surroundings.Out.WriteLine($"signer        {(signature.IsAdHoc ? "none (ad hoc)" : "certificate")}{(signature.IsHardened ? ", hardened runtime" : "")}");
            surroundings.Out.WriteLine($"pages         {(signature.IsWhole ? "as they were signed" : "changed since they were signed")}");
            surroundings.Out.WriteLine($"entitlements  {(signature.Granted.Count == 0 ? "none" : string.Join(", ", signature.Granted))}");
        }

        return signature.IsWhole ? ExitCode.Success : ExitCode.Error;
    }
}
