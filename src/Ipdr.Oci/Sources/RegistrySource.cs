using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Sources;

/// <summary>An image of a registry as a source, or several of one repository.</summary>
/// <param name="client">The registry; disposed of with this.</param>
/// <param name="tags">Which tags of the repository are meant; null for the one image that the client is for.</param>
/// <param name="listed">The tags of the repository, where they were listed before; null to list them.</param>
internal sealed class RegistrySource(RegistryClient client, TagPattern? tags = null, IReadOnlyList<Tag>? listed = null) : IImageSource
{
    // As many as blobs are asked for at once.
    private const int MaxRequests = 6;

    // What was asked for by its tag is not asked for again by its digest.
    private readonly ConcurrentDictionary<Digest, ReadOnlyMemory<byte>> _fetched = [];

    public string Place { get; } = $"docker://{client.Image.Familiar}{(tags is null ? "" : $":{tags}")}";

    public ImageReference Repository => client.Image;

    /// <summary>Are there several tags that are meant?</summary>
    public bool HasSeveral => tags is not null;

    public async ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken)
    {
        ImageReference image = client.Image;
        if (tags is not null)
            return await ListTagsAsync(tags, (_, _) => Task.FromResult(false), cancellationToken).ConfigureAwait(false);
        Descriptor manifest = await FetchAsync(image.Digest?.ToString() ?? image.Tag ?? Tag.Latest.ToString(), cancellationToken).ConfigureAwait(false);
        // A digest is no part of a name: what has it has it anyway.
        return [new SourceImage(manifest, image.Digest is null || image.Tag is not null ? NameOf(image.Tag ?? Tag.Latest.ToString()) : null, null)];
    }

    /// <summary>Lists those of the tags that are meant whose manifests can be read.</summary>
    /// <param name="isPassedOver">Is told of one that cannot, perhaps by several threads at once; false to give up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Perhaps none.</returns>
    /// <exception cref="IpdrException">The tags cannot be listed, or it was given up.</exception>
    public Task<IReadOnlyList<SourceImage>> ListSoundAsync(Func<SourceFailure, CancellationToken, Task<bool>> isPassedOver, CancellationToken cancellationToken) =>
        ListTagsAsync(tags ?? TagPattern.Any, isPassedOver, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        SourceDocuments.RequireDocumentSize(manifest, Place);
        if (!_fetched.TryGetValue(manifest.Digest, out ReadOnlyMemory<byte> content))
            content = (await client.GetManifestAsync(manifest.Digest.ToString(), cancellationToken).ConfigureAwait(false)).Content;
        return SourceDocuments.Check(content, manifest, Place);
    }

    public async ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        // Four questions, none of which waits for the answer to another.
        Tag[] tags = [.. ReferrerTag.CosignOf(manifest.Digest)];
        Task<IReadOnlyList<Descriptor>> listing = new RegistryReferrers(client).ListAsync(manifest.Digest, cancellationToken);
        Task<Descriptor?>[] asking = [.. tags.Select(tag => TryFetchAsync(tag.ToString(), cancellationToken))];
        await Task.WhenAll([listing, .. asking]).ConfigureAwait(false);
        IEnumerable<FoundReferrer> listed = (await listing.ConfigureAwait(false)).Select(referrer => new FoundReferrer(referrer, null));
        Descriptor?[] tagged = await Task.WhenAll(asking).ConfigureAwait(false);
        return [.. listed, .. tags.Zip(tagged).Where(pair => pair.Second is not null).Select(pair => new FoundReferrer(pair.Second!, pair.First))];
    }

    public async ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) =>
        await client.OpenUnverifiedAsync(blob, offset, cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<SourceImage>> ListTagsAsync(TagPattern pattern, Func<SourceFailure, CancellationToken, Task<bool>> isPassedOver, CancellationToken cancellationToken)
    {
        IReadOnlyList<Tag> all = listed ?? await client.ListTagsAsync(cancellationToken).ToListAsync(cancellationToken).ConfigureAwait(false);
        Tag[] meant = [.. all.Where(pattern.Matches)];
        if (meant.Length == 0)
            throw new IpdrException(new Fault(FaultCode.NotFound, "the repository has no such tag", Place, $"ipdr list docker://{client.Image.Familiar} shows those that it has."));
        SourceImage?[] images = new SourceImage?[meant.Length];
        await Parallel.ForAsync(0, meant.Length, new ParallelOptions { MaxDegreeOfParallelism = MaxRequests, CancellationToken = cancellationToken }, async (i, token) =>
        {
            try
            {
                images[i] = new SourceImage(await FetchAsync(meant[i].ToString(), token).ConfigureAwait(false), NameOf(meant[i].ToString()), null);
            }
            catch (IpdrException e)
            {
                if (!await isPassedOver(new SourceFailure(NameOf(meant[i].ToString()), e), token).ConfigureAwait(false))
                    throw;
            }
        }).ConfigureAwait(false);
        return [.. images.OfType<SourceImage>()];
    }

    private async Task<Descriptor> FetchAsync(string reference, CancellationToken cancellationToken) => Keep(await client.GetManifestAsync(reference, cancellationToken).ConfigureAwait(false));

    private async Task<Descriptor?> TryFetchAsync(string reference, CancellationToken cancellationToken) =>
        await client.TryGetManifestAsync(reference, cancellationToken).ConfigureAwait(false) is { } manifest ? Keep(manifest) : null;

    private Descriptor Keep(RegistryManifest manifest)
    {
        _fetched[manifest.Digest] = manifest.Content;
        return new Descriptor(manifest.MediaType, manifest.Digest, manifest.Content.Length);
    }

    private ImageReference NameOf(string tag) => ImageReference.Parse($"{client.Image.Name}:{tag}");
}
