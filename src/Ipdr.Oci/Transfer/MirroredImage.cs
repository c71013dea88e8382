using Ipdr.Oci.Images;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>An image that is copied by itself, one of many.</summary>
/// <param name="Source">Where it is.</param>
/// <param name="Image">The image there.</param>
/// <param name="Name">What it will be called, so that no other may be called so; null where others cannot be in its way.</param>
/// <param name="Repository">The repository that it goes to, and its tag; null where it does not go to a registry.</param>
internal sealed record MirroredImage(IImageSource Source, SourceImage Image, string? Name, ImageReference? Repository);
