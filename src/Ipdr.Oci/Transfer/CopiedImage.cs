using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>An image at its destination.</summary>
/// <param name="Reference">What it is called there.</param>
/// <param name="Descriptor">Its manifest or index.</param>
/// <param name="ImageIds">The image IDs of what can be run of it, in the order of the index.</param>
/// <param name="Original">The digest that it had at its source; another one than the descriptor's where only a part was copied, or another form was asked for.</param>
public sealed record CopiedImage(string Reference, Descriptor Descriptor, IReadOnlyList<Digest> ImageIds, Digest Original)
{
    /// <summary>What went with it, because it refers to it or to a part of it.</summary>
    public IReadOnlyList<SourceReferrer> Referrers { get; init; } = [];
}
