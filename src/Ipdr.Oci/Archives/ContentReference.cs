using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>Content that an image needs: where it is said to be, what is promised of it, and the member that holds it.</summary>
/// <param name="Where">The place of the reference, for messages.</param>
/// <param name="Member">The file that holds the content; null when it is not in the archive.</param>
/// <param name="Descriptor">What an OCI manifest promises; null in the Docker view, which promises nothing.</param>
internal sealed record ContentReference(string Where, ArchiveMember? Member, Descriptor? Descriptor)
{
    /// <summary>Why there is no member.</summary>
    public Fault? Missing { get; init; }

    /// <summary>A layer that engines leave out on purpose because it is fetched from its <c>urls</c>.</summary>
    public bool MayBeAbsent => Descriptor is { MediaType.IsForeignLayer: true };

    /// <summary>Is the content a layer to be checked against a DiffId, and not a blob of another kind?</summary>
    public bool IsLayer => Descriptor is null || Descriptor.MediaType.IsLayer;
}
