using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>What an entry of a layout's index is called.</summary>
internal static class IndexEntryName
{
    /// <summary>The full name, if there is one; else only a tag, in a repository that is called after where the layout is.</summary>
    public static (RepositoryName? Repository, Tag? Tag) Of(Descriptor entry)
    {
        string? label = entry.Annotations?.GetValueOrDefault(Annotations.RefName);
        string? full = entry.Annotations?.GetValueOrDefault(Annotations.ContainerdImageName) ?? (label?.AsSpan().ContainsAny('/', ':') == true ? label : null);
        if (ImageReference.TryParse(full, null, out ImageReference? reference) && RepositoryName.TryParse(reference.FamiliarRepository, null, out RepositoryName named))
            return (named, Tag.Parse(reference.Tag ?? Tag.Latest.ToString()));
        return (null, Tag.TryParse(label, null, out Tag tag) ? tag : null);
    }
}
