using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Destinations.Engine;

/// <summary>A container engine. It pulls from a registry on this machine's own address, so that it fetches only what it lacks and digests stay; where it cannot, it is given an archive.</summary>
/// <param name="client">The engine; disposed of with this.</param>
/// <param name="host">Runs the registry; null to give it an archive at once.</param>
/// <param name="name">The name there; null where each image keeps its own.</param>
internal sealed class EngineDestination(EngineClient client, RegistryHost? host, ImageReference? name) : IImageDestination
{
    private readonly TransferRegistry _content = new();
    private readonly List<Fault> _warnings = [];

    public string Place => name is null ? "docker-daemon:" : $"docker-daemon:{name.Familiar}";

    public DestinationTraits Traits { get; } = new() { Name = name, HoldsReferrers = false };

    public ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken) => new(false);

    // The engine itself asks for what it lacks, at the end.
    public Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        _content.Add(blob);
        return Task.CompletedTask;
    }

    public Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _content.Add(manifest, content);
        return Task.CompletedTask;
    }

    public async Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken)
    {
        List<string> references = [];
        foreach (SourceImage image in images)
        {
            RunnableImage[] candidates = await new RunnableImages(_content).FindAsync(image, cancellationToken).ConfigureAwait(false);
            references.Add(await TakeAsync(image, candidates, cancellationToken).ConfigureAwait(false));
        }
        return new CommittedImages(references, _warnings);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> TakeAsync(SourceImage image, RunnableImage[] candidates, CancellationToken cancellationToken)
    {
        // Without a name it would go with the one that it was pulled by.
        if (host is not null && image.Name is not null && client.Endpoint.IsLocal)
        {
            try
            {
                await new EnginePull(client, host, _content).RunAsync(image, candidates, cancellationToken).ConfigureAwait(false);
                return image.Name.Familiar;
            }
            catch (IpdrException e) when (e.Fault.Code is FaultCode.EngineFailed or FaultCode.NotFound or FaultCode.BadAnswer)
            {
                _warnings.Add(new Fault(
                    FaultCode.DigestChanged, $"the engine could not pull from this process and was given an archive, in which the manifest's digest is lost: {e.Fault.What}", Place));
            }
        }
        return await new EngineLoad(client, _content, _warnings).RunAsync(image, candidates, cancellationToken).ConfigureAwait(false);
    }
}
