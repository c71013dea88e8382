using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Sources;

/// <summary>A manifest that goes with an image, because it refers to it or to a part of it.</summary>
/// <param name="Image">The image.</param>
/// <param name="Descriptor">Names the referrer; with its artifact type, without annotations.</param>
/// <param name="Subject">The manifest that it refers to.</param>
/// <param name="Tag">Its tag, where that is what says so; null where its own <c>subject</c> does.</param>
public sealed record SourceReferrer(SourceImage Image, Descriptor Descriptor, Digest Subject, Tag? Tag)
{
    /// <summary>As an entry of its own: beside the image's name if a tag says what it is, else without a name.</summary>
    internal SourceImage ToEntry() => (Tag, Image.Name) switch
    {
        (null, _) => new SourceImage(Descriptor, null, null),
        ({ } tag, { } name) => new SourceImage(Descriptor, ImageReference.Parse($"{name.Name}:{tag}"), null),
        ({ } tag, null) => new SourceImage(Descriptor, null, tag.ToString()),
    };
}
