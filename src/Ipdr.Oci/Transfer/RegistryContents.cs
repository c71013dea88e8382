using System.Runtime.CompilerServices;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Transfer;

/// <summary>What a registry says it has below a path.</summary>
internal static class RegistryContents
{
    /// <summary>Lists the repositories that are meant.</summary>
    /// <exception cref="IpdrException">The registry does not tell them, or has none there (<see cref="FaultCode.NotFound"/>).</exception>
    public static async IAsyncEnumerable<ImageReference> ListAsync(RepositoryPattern pattern, RegistryOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool found = false;
        using RegistryClient client = new(ImageReference.Parse($"{pattern.Path}/x"), options);
        await foreach (ImageReference repository in client.ListRepositoriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!pattern.Matches(repository))
                continue;
            found = true;
            yield return repository;
        }
        if (!found)
            throw new IpdrException(new Fault(FaultCode.NotFound, "the registry has no repository there", $"docker://{pattern}", "Check the path, and whether you are logged in."));
    }

    /// <summary>Lists the tags of a repository, none where all of it was deleted.</summary>
    /// <exception cref="IpdrException">The registry does not answer.</exception>
    public static async Task<IReadOnlyList<Tag>> ListTagsAsync(RegistryClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ListTagsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e) when (e.Fault.Code == FaultCode.NotFound)
        {
            // docker-registry keeps the names of repositories whose images are gone.
            return [];
        }
    }
}
