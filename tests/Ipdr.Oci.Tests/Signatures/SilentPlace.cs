using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>A place that tells its images, and of what refers to them only that there is something.</summary>
internal sealed class SilentPlace(SignedPlace place) : IImageSource
{
    public string Place => place.Place;

    public ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken) => place.ListAsync(cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken) =>
        throw new IpdrException(new Fault(FaultCode.RegistryUnreachable, "it does not answer", Place));

    public ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken) => new([new FoundReferrer(manifest, null)]);

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => place.OpenUnverifiedAsync(blob, offset, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
