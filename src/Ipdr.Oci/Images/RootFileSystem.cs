using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Images;

/// <summary>The <c>rootfs</c> of an image config.</summary>
/// <param name="Type">Must be <c>layers</c>.</param>
public sealed record RootFileSystem(string Type)
{
    /// <summary>The only value of <see cref="Type"/> that the spec knows.</summary>
    public const string Layers = "layers";

    /// <summary>DiffIds, bottom first; null and empty both mean no layers.</summary>
    public IReadOnlyList<Digest>? DiffIds { get; init; }
}
