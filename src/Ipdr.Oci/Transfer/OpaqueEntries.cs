using Ipdr.Oci.Faults;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Transfer;

/// <summary>Entries of an index that are files and the like, of which no image consists (image-spec, image-index.md).</summary>
internal static class OpaqueEntries
{
    /// <summary>The images without them; where there is nothing else they stay, and whoever reads them says what is wrong.</summary>
    /// <param name="all">All that a place lists.</param>
    /// <param name="place">The place, for messages.</param>
    /// <param name="warnings">Is told of each that is left out.</param>
    public static IReadOnlyList<SourceImage> LeaveOut(IReadOnlyList<SourceImage> all, string place, ICollection<Fault> warnings)
    {
        SourceImage[] rest = [.. all.Where(image => !image.IsOpaque)];
        if (rest.Length == 0 || rest.Length == all.Count)
            return all;
        foreach (SourceImage image in all.Where(image => image.IsOpaque))
            warnings.Add(new Fault(FaultCode.Lost, $"an entry is no image but {image.Descriptor.MediaType}; it is left out", $"{place}{Fault.PlaceSeparator}{image.Descriptor.Digest}", "ipdr convert keeps it, of an archive."));
        return rest;
    }
}
