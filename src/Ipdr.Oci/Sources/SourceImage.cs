using Ipdr.Oci.Images;

namespace Ipdr.Oci.Sources;

/// <summary>An image, an index or an artifact of a place, under one of its names.</summary>
/// <param name="Descriptor">Names its manifest or index; annotations that say its name are left out.</param>
/// <param name="Name">The full reference, if it has one.</param>
/// <param name="Label">What it is called where that is no reference; null if it is called nothing, or if it follows from the name.</param>
public sealed record SourceImage(Descriptor Descriptor, ImageReference? Name, string? Label)
{
    /// <summary>What people call it: its name, its label, or its digest.</summary>
    public string Title => Name?.Familiar ?? Label ?? Descriptor.Digest.ToString();

    /// <summary>Is it something else, which an index may list as well (image-spec, image-index.md)?</summary>
    internal bool IsOpaque => Descriptor.MediaType is { IsManifest: false, IsIndex: false, IsSchema1: false };

    /// <summary>Reads an entry of an <c>index.json</c>: its label is a tag (skopeo, Docker), a full reference (podman, jib) or anything (umoci).</summary>
    internal static SourceImage OfEntry(Descriptor entry)
    {
        string? label = entry.Annotations?.GetValueOrDefault(Annotations.RefName);
        string? full = entry.Annotations?.GetValueOrDefault(Annotations.ContainerdImageName) ?? (label?.Contains('/', StringComparison.Ordinal) == true ? label : null);
        ImageReference.TryParse(full, null, out ImageReference? name);
        if (name is not null && (label == name.Tag || label == full))
            label = null;
        Annotations rest = new((entry.Annotations ?? []).Where(pair => pair.Key is not (Annotations.RefName or Annotations.ContainerdImageName)));
        return new SourceImage(entry with { Annotations = rest.Count > 0 ? rest : null }, name, label);
    }
}
