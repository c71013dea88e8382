using System.Globalization;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification;

/// <summary>Where something was found.</summary>
/// <param name="File">The file of the target, with slashes, or the member of the archive; empty for the target as a whole.</param>
public sealed record Place(string File)
{
    private const string OffsetPrefix = "byte ";
    private const string MemberPrefix = "member ";

    /// <summary>The place in a JSON document (RFC 6901); null outside of documents, empty for the whole document.</summary>
    public string? JsonPointer { get; init; }

    /// <summary>The member of a layer.</summary>
    public string? Member { get; init; }

    /// <summary>Bytes from the start of the file, or of the uncompressed layer where a member is named.</summary>
    public long? ByteOffset { get; init; }

    /// <summary>The parts with <see cref="Fault.PlaceSeparator"/> between them.</summary>
    public override string ToString() => string.Join(Fault.PlaceSeparator, Parts());

    /// <summary>The place that a fault of a lower layer tells, seen from this one.</summary>
    internal Place Inside(string where)
    {
        Place place = this;
        foreach (string part in where.Split(Fault.PlaceSeparator))
        {
            if (part.StartsWith(OffsetPrefix, StringComparison.Ordinal) && long.TryParse(part.AsSpan(OffsetPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
                place = place with { ByteOffset = offset };
            else if (part.StartsWith(MemberPrefix, StringComparison.Ordinal))
                place = place with { Member = part[MemberPrefix.Length..].Trim('"') };
        }
        return place;
    }

    private IEnumerable<string> Parts()
    {
        if (File.Length > 0)
            yield return File;
        if (!string.IsNullOrEmpty(JsonPointer))
            yield return JsonPointer;
        if (Member is not null)
            yield return MemberPrefix + Tar.TarText.Quote(Member);
        if (ByteOffset is { } offset)
            yield return OffsetPrefix + offset.ToString(CultureInfo.InvariantCulture);
    }
}
