using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Sources;

/// <summary>Chooses among the images of a place by what its reference says: a label, a name, a tag, a digest, or its position as <c>@N</c>, counted from 0 as skopeo does.</summary>
internal static class ImageChoice
{
    // A message that lists all of hundreds helps nobody.
    private const int MaxListed = 12;

    /// <summary>The images that are meant, at least one.</summary>
    /// <param name="images">All that there are.</param>
    /// <param name="reference">What was asked for; null for all.</param>
    /// <param name="place">The place, for messages.</param>
    /// <param name="positions">The digests of what the place lists, one for each position, null for what is not among the images; null where it lists the images as they are.</param>
    /// <exception cref="IpdrException">Nothing fits, or several things do.</exception>
    public static IReadOnlyList<SourceImage> Choose(IReadOnlyList<SourceImage> images, string? reference, string place, IReadOnlyList<Digest?>? positions = null)
    {
        if (images.Count == 0)
            throw new IpdrException(new Fault(FaultCode.NoImages, "there is no image here", place, "Check the place."));
        if (reference is null)
            return images;
        if (PositionOf(reference) is { } position && !images.Any(image => image.Label == reference))
            return [At(position, images, positions ?? [.. images.Select(image => (Digest?)image.Descriptor.Digest)], place)];
        SourceImage[] found = [.. Rules(reference).Select(rule => images.Where(rule).ToArray()).FirstOrDefault(some => some.Length > 0) ?? []];
        if (found.DistinctBy(image => image.Descriptor.Digest).Count() == 1)
            return [found[0]];
        throw new IpdrException(found.Length == 0
            ? new Fault(FaultCode.NotFound, $"no image here is called {reference}", place, $"There are: {List(images)}.")
            : new Fault(FaultCode.NotFound, $"several images here are called {reference}", place, $"Say which: {List(found)}."));
    }

    /// <summary>Is it a position, <c>@N</c>, and no name?</summary>
    public static bool IsPosition(string? reference) => PositionOf(reference) is not null;

    /// <summary>Refuses places where it is not clear which image is meant.</summary>
    /// <param name="images">All that there are, at least one.</param>
    /// <param name="place">The place, for messages.</param>
    /// <param name="forAll">What to do for all of them, one sentence; empty where there is nothing.</param>
    /// <exception cref="IpdrException">There are several.</exception>
    public static SourceImage Single(IReadOnlyList<SourceImage> images, string place, string forAll = "") =>
        images.DistinctBy(image => image.Descriptor.Digest).Count() == 1
            ? images[0]
            : throw new IpdrException(new Fault(FaultCode.NameConflict, "several images are here, and one is wanted", place, $"Say which with :REF behind the place: {List(images)}. {forAll}".TrimEnd()));

    private static int? PositionOf(string? reference) =>
        reference is ['@', _, ..] && int.TryParse(reference.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? position : null;

    private static SourceImage At(int position, IReadOnlyList<SourceImage> images, IReadOnlyList<Digest?> positions, string place)
    {
        if (position >= positions.Count)
            throw new IpdrException(new Fault(FaultCode.NotFound, string.Create(CultureInfo.InvariantCulture, $"there is no image @{position} here"), place, string.Create(CultureInfo.InvariantCulture, $"They are counted from @0 to @{positions.Count - 1}.")));
        return images.FirstOrDefault(image => image.Descriptor.Digest == positions[position])
            ?? throw new IpdrException(new Fault(FaultCode.NotFound, string.Create(CultureInfo.InvariantCulture, $"image @{position} is listed here, and parts of it are missing"), place, $"There are: {List(images)}."));
    }

    // The first rule that something fits decides.
    private static IEnumerable<Func<SourceImage, bool>> Rules(string reference)
    {
        yield return image => image.Label == reference || image.Name?.ToString() == reference || image.Name?.Familiar == reference;
        if (Digest.TryParse(reference, null, out Digest digest))
            yield return image => image.Descriptor.Digest == digest;
        if (ImageReference.TryParse(reference, null, out ImageReference? wanted))
            yield return image => image.Name is { } name && name.Name == wanted.Name && (name.Tag ?? "latest") == (wanted.Tag ?? "latest") && (wanted.Digest is null || wanted.Digest == image.Descriptor.Digest);
        yield return image => image.Name?.Tag == reference;
    }

    private static string List(IReadOnlyList<SourceImage> images)
    {
        string[] titles = [.. images.Select(image => image.Title).Distinct()];
        return string.Join(", ", titles.Take(MaxListed)) + (titles.Length > MaxListed ? $", … ({titles.Length} in all)" : "");
    }
}
