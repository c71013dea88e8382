using System.Runtime.CompilerServices;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Registries.Files;
using Ipdr.Oci.Store;

namespace Ipdr.Oci.Sources;

/// <summary>Anything that a registry could be made of, as a source: the store, registry-v2 directories, DAGs.</summary>
public sealed class RegistryContentSource : IImageSource, ILocalBlobs
{
    // One page of a listing; a place with more tags than this of one repository is walked page by page.
    private const int PageSize = 1000;

    private readonly IRegistryContent _content;
    private readonly RepositoryReference? _reference;
    private readonly object? _owner;
    private readonly Dictionary<SourceImage, (RepositoryName Repository, Tag? Tag)> _places = [];
    private IReadOnlyList<RepositoryName>? _repositories;

    /// <summary>Reads from a place.</summary>
    /// <param name="content">What is there.</param>
    /// <param name="reference">Which image is meant; null for all.</param>
    /// <param name="place">What messages call the place.</param>
    /// <param name="owner">Is disposed of with the source; may be null.</param>
    public RegistryContentSource(IRegistryContent content, RepositoryReference? reference, string place, IDisposable? owner = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(place);
        (_content, _reference, Place, _owner) = (content, reference, place, owner);
    }

    /// <summary>Reads from a place whose owner is disposed of asynchronously, with the source.</summary>
    internal RegistryContentSource(IRegistryContent content, RepositoryReference? reference, string place, IAsyncDisposable owner)
        : this(content, reference, place) => _owner = owner;

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken)
    {
        if (_reference is { } reference)
            return [await FindAsync(reference, cancellationToken).ConfigureAwait(false)];
        List<SourceImage> images = [];
        foreach (RepositoryName repository in await RepositoriesAsync(cancellationToken).ConfigureAwait(false))
        {
            List<SourceImage> named = [];
            await foreach (Tag tag in TagsAsync(repository, cancellationToken).ConfigureAwait(false))
            {
                // A list of what refers to an image is how a registry is asked for that, and nothing by itself.
                if (!ReferrerTag.IsList(tag.ToString()) && await _content.FindManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false) is { } manifest)
                    named.Add(ImageOf(repository, tag, manifest));
            }
            // A registry-v2 layout has the tag latest even where nobody gave it.
            bool implied = _content is LayoutRegistry or DagRegistry && named.FirstOrDefault(IsLatest) is { } latest && named.Exists(image => !IsLatest(image) && image.Descriptor.Digest == latest.Descriptor.Digest);
            images.AddRange(implied ? named.Where(image => !IsLatest(image)) : named);
        }
        return ImageChoice.Choose(images, null, Place);

        static bool IsLatest(SourceImage image) => (image.Name?.Tag ?? image.Label) == Tag.Latest.ToString();
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        SourceDocuments.RequireDocumentSize(manifest, Place);
        foreach (RepositoryName repository in await RepositoriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await _content.FindManifestAsync(repository, manifest.Digest, cancellationToken).ConfigureAwait(false) is { } found)
                return SourceDocuments.Check(found.Content, manifest, Place);
        }
        throw new IpdrException(SourceDocuments.Missing(manifest, Place));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        List<FoundReferrer> found = [];
        foreach (RepositoryName repository in await RepositoriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await _content.FindManifestAsync(repository, manifest.Digest, cancellationToken).ConfigureAwait(false) is null)
                continue;
            await foreach (Descriptor referrer in ReferrersAsync(repository, manifest.Digest, cancellationToken).ConfigureAwait(false))
                found.Add(new FoundReferrer(referrer, null));
            foreach (Tag tag in ReferrerTag.CosignOf(manifest.Digest))
            {
                if (await _content.FindManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false) is { } tagged)
                    found.Add(new FoundReferrer(new Descriptor(tagged.MediaType, tagged.Digest, tagged.Content.Length), tag) { Repository = ImageReference.TryParse(repository.ToString(), null, out ImageReference? name) ? name.Name : null });
            }
        }
        return [.. found.DistinctBy(referrer => (referrer.Descriptor.Digest, referrer.Tag, referrer.Repository))];
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(blob);
        try
        {
            return await FindBlobAsync(blob, cancellationToken).ConfigureAwait(false) switch
            {
                DagBlob file => await file.OpenUnverifiedAsync(offset, cancellationToken).ConfigureAwait(false),
                { } found => await found.OpenAsync(offset, cancellationToken).ConfigureAwait(false),
                null => throw new IpdrException(SourceDocuments.Missing(blob, Place)),
            };
        }
        catch (FileNotFoundException e)
        {
            throw new IpdrException(SourceDocuments.Missing(blob, Place), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), $"{Place}{Fault.PlaceSeparator}{blob.Digest}", "Check the place and its permissions."), e);
        }
    }

    bool ILocalBlobs.OwnsFiles => false;

    async ValueTask<FileBlob?> ILocalBlobs.FindFileAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        foreach (RepositoryName repository in await RepositoriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await _content.FindBlobAsync(repository, blob.Digest, cancellationToken).ConfigureAwait(false) is FileBlob file && file.Size == blob.Size)
                return file;
        }
        return null;
    }

    /// <summary>The CID of an image, where the place knows one.</summary>
    internal async ValueTask<Cid?> FindCidAsync(SourceImage image, CancellationToken cancellationToken) => _content switch
    {
        DagRegistry dag => dag.Root,
        ContentStore store when _places.TryGetValue(image, out (RepositoryName Repository, Tag? Tag) place) => place.Tag is { } tag
            ? await store.FindCidAsync(place.Repository, tag, cancellationToken).ConfigureAwait(false)
            : await store.FindCidAsync(place.Repository, image.Descriptor.Digest, cancellationToken).ConfigureAwait(false),
        _ => null,
    };

    /// <summary>The top block of a blob, where the place is a DAG.</summary>
    internal async ValueTask<Cid?> FindCidAsync(Descriptor blob, CancellationToken cancellationToken) =>
        await FindBlobAsync(blob, cancellationToken).ConfigureAwait(false) is DagBlob file ? file.Cid : null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_owner is IAsyncDisposable owner)
            return owner.DisposeAsync();
        (_owner as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<SourceImage> FindAsync(RepositoryReference reference, CancellationToken cancellationToken)
    {
        _repositories = [reference.Repository];
        RegistryManifest? manifest = reference.Digest is { } digest
            ? await _content.FindManifestAsync(reference.Repository, digest, cancellationToken).ConfigureAwait(false)
            : await _content.FindManifestAsync(reference.Repository, reference.Tag!.Value, cancellationToken).ConfigureAwait(false);
        return manifest is null
            ? throw new IpdrException(new Fault(FaultCode.NotFound, $"no image here is called {reference}", Place, "Check the name."))
            : ImageOf(reference.Repository, reference.Tag, manifest);
    }

    private async ValueTask<RegistryBlob?> FindBlobAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        foreach (RepositoryName repository in await RepositoriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await _content.FindBlobAsync(repository, blob.Digest, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
        }
        return null;
    }

    private async ValueTask<IReadOnlyList<RepositoryName>> RepositoriesAsync(CancellationToken cancellationToken)
    {
        if (_repositories is not null)
            return _repositories;
        List<RepositoryName> all = [];
        for (IReadOnlyList<RepositoryName> page = []; ; all.AddRange(page))
        {
            page = await _content.ListRepositoriesAsync(all.Count == 0 ? "" : all[^1].ToString(), PageSize, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                return _repositories = all;
        }
    }

    private async IAsyncEnumerable<Tag> TagsAsync(RepositoryName repository, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string last = ""; ;)
        {
            IReadOnlyList<Tag> page = await _content.ListTagsAsync(repository, last, PageSize, cancellationToken).ConfigureAwait(false) ?? [];
            if (page.Count == 0)
                yield break;
            foreach (Tag tag in page)
                yield return tag;
            last = page[^1].ToString();
        }
    }

    private async IAsyncEnumerable<Descriptor> ReferrersAsync(RepositoryName repository, Digest subject, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (string last = ""; ;)
        {
            IReadOnlyList<Descriptor> page = await _content.ListReferrersAsync(repository, subject, null, last, PageSize, cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
                yield break;
            foreach (Descriptor referrer in page)
                yield return referrer;
            last = page[^1].Digest.ToString();
        }
    }

    private SourceImage ImageOf(RepositoryName repository, Tag? tag, RegistryManifest manifest)
    {
        Descriptor descriptor = new(manifest.MediaType, manifest.Digest, manifest.Content.Length);
        ImageReference? name = null;
        // A DAG that is one repository does not say what it is called.
        bool isNamed = tag is not null && !(_content is DagRegistry dag && repository.ToString() == DagRegistry.NameOf(dag.Root)) && ImageReference.TryParse($"{repository}:{tag}", null, out name);
        SourceImage image = new(descriptor, name, isNamed ? null : tag?.ToString());
        _places[image] = (repository, tag);
        return image;
    }
}
