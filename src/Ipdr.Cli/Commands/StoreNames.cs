using System.CommandLine;
using System.CommandLine.Parsing;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Commands;

/// <summary>Names of the store on the command line.</summary>
internal static class StoreNames
{
    /// <summary>One name.</summary>
    public static Argument<RepositoryReference> Argument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result, result.Tokens[^1].Value),
    };

    /// <summary>The manifest that a name means.</summary>
    /// <exception cref="IpdrException">The store has none; <see cref="FaultCode.NotFound"/>.</exception>
    public static async Task<Digest> ResolveAsync(ContentStore store, RepositoryReference name, CancellationToken cancellationToken)
    {
        RegistryManifest? manifest = name.Digest is { } digest
            ? await store.FindManifestAsync(name.Repository, digest, cancellationToken).ConfigureAwait(false)
            : await store.FindManifestAsync(name.Repository, name.Tag!.Value, cancellationToken).ConfigureAwait(false);
        return manifest?.Digest ?? throw new IpdrException(Absent(name));
    }

    /// <summary>Says that nothing has the name.</summary>
    public static Fault Absent(RepositoryReference name) => new(FaultCode.NotFound, "the store has no such image", name.ToString(), "See ipdr list.");

    private static RepositoryReference? Parse(ArgumentResult result, string text)
    {
        try
        {
            return RepositoryReference.Parse(text);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return null;
        }
    }
}
