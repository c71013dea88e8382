using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations.Engine;

/// <summary>Finds what an engine could run of an image.</summary>
internal sealed class RunnableImages(TransferRegistry content)
{
    /// <summary>All images that are reached, at least one.</summary>
    /// <exception cref="IpdrException">There is none; <see cref="FaultCode.UnsupportedMediaType"/>.</exception>
    public async Task<RunnableImage[]> FindAsync(SourceImage image, CancellationToken cancellationToken)
    {
        List<RunnableImage> found = [];
        Queue<Digest> left = new([image.Descriptor.Digest]);
        HashSet<Digest> seen = [];
        while (left.TryDequeue(out Digest digest))
        {
            if (!seen.Add(digest) || content.FindManifest(digest) is not { } manifest)
                continue;
            ManifestSummary summary = ManifestSummary.Read(manifest.Content, manifest.MediaType, digest.ToString());
            foreach (Descriptor child in summary.Manifests)
                left.Enqueue(child.Digest);
            if (summary.Config is { MediaType.IsImageConfig: true } config && summary.Layers.All(layer => layer.MediaType.IsLayer))
                found.Add(await ReadAsync(manifest, config, cancellationToken).ConfigureAwait(false));
        }
        return found.Count > 0 ? [.. found]
            : throw new IpdrException(new Fault(FaultCode.UnsupportedMediaType, "it is no image that an engine can run", image.Title, "Copy it to an OCI layout or a registry."));
    }

    private async Task<RunnableImage> ReadAsync(RegistryManifest manifest, Descriptor config, CancellationToken cancellationToken)
    {
        BlobTransfer blob = content.FindBlob(config.Digest) ?? throw new IpdrException(SourceDocuments.Missing(config, manifest.Digest.ToString()));
        SourceDocuments.RequireDocumentSize(config, blob.Source.Place);
        byte[] bytes = new byte[config.Size + 1];
        VerifyingStream stream = await blob.OpenAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            int count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            ImageConfig document = Document.ReadConfig(bytes.AsMemory(0, count), blob.Where);
            return new RunnableImage(manifest, Digest.OfContent(DigestAlgorithm.Sha256, bytes.AsSpan(0, count)), document.RootFs.DiffIds ?? [], document.Platform);
        }
    }
}
