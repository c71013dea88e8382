using Ipdr.Oci.Distribution;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Sources;

/// <summary>An image of a registry as a source.</summary>
/// <param name="client">The registry; disposed of with this.</param>
internal sealed class RegistrySource(RegistryClient client) : IImageSource
{
    public string Place { get; } = $"docker://{client.Image.Familiar}";

    /// <summary>The repository, from which blobs can be mounted.</summary>
    public ImageReference Image => client.Image;

    public async ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken)
    {
        ImageReference image = client.Image;
        RegistryManifest manifest = await client.GetManifestAsync(image.Digest?.ToString() ?? image.Tag ?? Tag.Latest.ToString(), cancellationToken).ConfigureAwait(false);
        // A digest is no part of a name: what has it has it anyway.
        ImageReference? name = image.Digest is null || image.Tag is not null ? ImageReference.Parse($"{image.Name}:{image.Tag ?? Tag.Latest.ToString()}") : null;
        return [new SourceImage(new Descriptor(manifest.MediaType, manifest.Digest, manifest.Content.Length), name, null)];
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        SourceDocuments.RequireDocumentSize(manifest, Place);
        RegistryManifest found = await client.GetManifestAsync(manifest.Digest.ToString(), cancellationToken).ConfigureAwait(false);
        return SourceDocuments.Check(found.Content, manifest, Place);
    }

    public async ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        List<FoundReferrer> found = [.. (await new RegistryReferrers(client).ListAsync(manifest.Digest, cancellationToken).ConfigureAwait(false)).Select(referrer => new FoundReferrer(referrer, null))];
        foreach (Tag tag in ReferrerTag.CosignOf(manifest.Digest))
        {
            if (await client.TryGetManifestAsync(tag.ToString(), cancellationToken).ConfigureAwait(false) is { } tagged)
                found.Add(new FoundReferrer(new Descriptor(tagged.MediaType, tagged.Digest, tagged.Content.Length), tag));
        }
        return found;
    }

    public async ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) =>
        await client.OpenUnverifiedAsync(blob, offset, cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }
}
