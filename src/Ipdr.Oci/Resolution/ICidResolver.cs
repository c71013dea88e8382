using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Resolution;

/// <summary>Tells which CID a name stands for.</summary>
public interface ICidResolver
{
    /// <summary>The CID of a name, or null if it has none here.</summary>
    /// <exception cref="Faults.IpdrException">The place cannot be asked, or what it says is no CID.</exception>
    ValueTask<Cid?> ResolveAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken = default);

    /// <summary>The tags of a repository, in ordinal order; none if it is not known here.</summary>
    /// <exception cref="Faults.IpdrException">The place cannot be asked.</exception>
    ValueTask<IReadOnlyList<Tag>> ListTagsAsync(RepositoryName repository, CancellationToken cancellationToken = default);
}
