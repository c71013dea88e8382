using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Serving;

namespace Ipdr.Oci.Resolution;

/// <summary>The names in layouts and CARs that are served as they are.</summary>
/// <param name="places">The layouts and CARs; they stay the caller's.</param>
public sealed class PlacesResolver(ServedPlaces places) : ICidResolver
{
    /// <inheritdoc/>
    public ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default) =>
        places.FindCidAsync(repository, tag, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Tag>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default) =>
        await places.Content.ListTagsAsync(repository, "", int.MaxValue, cancellationToken).ConfigureAwait(false) ?? [];
}
