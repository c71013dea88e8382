using Ipdr.Oci.Destinations.Archiving;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations.Engine;

/// <summary>Gives an engine an archive, written while it is sent.</summary>
internal sealed class EngineLoad(EngineClient client, TransferRegistry content, List<Fault> warnings)
{
    /// <summary>Loads the image, and looks whether the right one arrived.</summary>
    /// <returns>What the engine calls it.</returns>
    /// <exception cref="IpdrException">The engine cannot load it, or has another image then (<see cref="FaultCode.ImageMismatch"/>).</exception>
    public async Task<string> RunAsync(SourceImage image, IReadOnlyList<RunnableImage> candidates, CancellationToken cancellationToken)
    {
        RunnableImage chosen = candidates.FirstOrDefault(candidate => candidate.Platform.Serves(EnginePlatform)) ?? candidates[0];
        using BlobDepot blobs = new(PartialBlobs.Open(PartialFolder.InCache($"{client.Endpoint.Text} {chosen.ImageId}")));
        ManifestSummary summary = ManifestSummary.Read(chosen.Manifest.Content, chosen.Manifest.MediaType, chosen.Manifest.Digest.ToString());
        foreach (Descriptor blob in summary.NeededBlobs.DistinctBy(blob => blob.Digest))
            await blobs.AddAsync(content.FindBlob(blob.Digest) ?? throw new IpdrException(SourceDocuments.Missing(blob, image.Title)), cancellationToken).ConfigureAwait(false);
        DockerArchiveImage composed = await DockerArchiveImage.ComposeAsync(image, chosen.Manifest.Content, blobs, [], cancellationToken).ConfigureAwait(false);
        await client.LoadAsync((stream, token) => DockerArchiveWriter.WriteAsync(stream, [composed], blobs, token), cancellationToken).ConfigureAwait(false);
        blobs.Remove();
        return await CheckAsync(image, chosen, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string> CheckAsync(SourceImage image, RunnableImage chosen, CancellationToken cancellationToken)
    {
        string reference = image.Name is { } name ? $"{name.Name}:{name.Tag ?? "latest"}" : chosen.ImageId.ToString();
        EngineImage arrived = await client.FindImageAsync(reference, cancellationToken).ConfigureAwait(false)
            ?? throw new IpdrException(new Fault(FaultCode.EngineFailed, "the engine says that it loaded the image, and does not have it", client.Endpoint.Text, "Its own log may say more."));
        if (!chosen.HasLayersOf(arrived))
            throw EnginePull.Mismatch(arrived, [chosen], client);
        // Where containerd keeps the images an archive gets a manifest of the engine's own making, by which it is called.
        if (arrived.ImageId != chosen.ImageId)
            warnings.Add(new Fault(FaultCode.DigestChanged, "the engine calls the image by a manifest of its own making", client.Endpoint.Text) { Expected = chosen.ImageId.ToString(), Actual = arrived.Id });
        return image.Name?.Familiar ?? reference;
    }

    // An engine runs what this machine runs, unless it is another machine's: then it says so when it runs the image.
    private static Platform EnginePlatform => HostPlatform.Current;
}
