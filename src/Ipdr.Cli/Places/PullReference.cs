using Ipdr.Cli.Usage;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Ipdr.Oci.Transfer;

namespace Ipdr.Cli.Places;

/// <summary>What shall be pulled, as people write it: a CID in one of its spellings, or a name that leads to one.</summary>
/// <param name="text">What was written.</param>
/// <param name="root">The CID; null for a name.</param>
/// <param name="name">The name; null for a CID.</param>
internal sealed class PullReference(string text, Cid? root, RepositoryReference? name)
{
    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">It is neither, or leads below a CID.</exception>
    public static PullReference Parse(string text)
    {
        if (ContentPath.TryParse(text, null, out ContentPath? path))
        {
            // A path below would be a part of a layout.
            return path.Segments.Count == 0 ? new PullReference(text, path.Root, null) : throw new UsageException($"\"{text}\" leads below a CID, and an image is all of it");
        }
        return RepositoryReference.TryParse(text, null, out RepositoryReference? name)
            ? new PullReference(text, null, name)
            : throw new UsageException($"\"{text}\" is neither a CID nor a name: write a CID, a path or address with one, or repository[:tag]");
    }

    /// <summary>The CID: that of the store's image of this name, else what the resolver says.</summary>
    /// <param name="store">The store.</param>
    /// <param name="resolver">Is asked for what the store does not have; may be null.</param>
    /// <param name="referrers">Of an image of the store, the CID that holds what refers to it as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">Nothing has the name.</exception>
    public async Task<Cid> ResolveAsync(ContentStore store, ICidResolver? resolver, bool referrers, CancellationToken cancellationToken)
    {
        if (root is { } known)
            return known;
        Cid? found = name!.Tag is { } tag
            ? await store.FindCidAsync(name.Repository, tag, cancellationToken).ConfigureAwait(false)
            : await store.FindCidAsync(name.Repository, name.Digest!.Value, cancellationToken).ConfigureAwait(false);
        if (found is not null && referrers)
            return (await new ImagePusher(store, new PlaceOptions()) { Referrers = true }.PushAsync(new ImagePlace(PlaceKind.Store, "", name.ToString()), [], cancellationToken).ConfigureAwait(false)).Root;
        if (found is null && resolver is not null && name.Tag is { } wanted)
            found = await resolver.ResolveAsync(name.Repository, wanted, cancellationToken).ConfigureAwait(false);
        return found ?? throw new IpdrException(new Fault(FaultCode.NotFound, "it is no CID, and nothing here has that name", text, "See ipdr list, name where to look with --cid-resolver, or give the CID."));
    }
}
