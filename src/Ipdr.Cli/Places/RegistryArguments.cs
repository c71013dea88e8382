using System.CommandLine;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Places;

/// <summary>How registries are talked to, on the command line.</summary>
internal static class RegistryArguments
{
    /// <summary>For registries that nobody vouches for.</summary>
    public static readonly Option<bool> Insecure = new("--insecure") { Description = "Allow plain HTTP, and certificates that nobody has signed, also for registries of other machines." };

    /// <summary>For credentials that are kept apart.</summary>
    public static readonly Option<string?> AuthFile = new("--authfile")
    {
        Description = "Credentials for registries are in this file, and nowhere else. Default: where ipdr login, Docker and podman keep them.",
        HelpName = "FILE",
    };

    /// <summary>What was said of them.</summary>
    /// <exception cref="IpdrException">There is no such file.</exception>
    public static RegistryOptions Read(ParseResult parsed) => new()
    {
        Insecure = parsed.GetValue(Insecure),
        Credentials = parsed.GetValue(AuthFile) is { } file ? CredentialStore.OfFile(file) : CredentialStore.OfProcess,
    };
}
