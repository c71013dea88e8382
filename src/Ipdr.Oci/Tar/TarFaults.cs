using System.Globalization;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tar;

/// <summary>The words for everything that can be wrong with an archive.</summary>
internal static class TarFaults
{
    private const string Damaged = "The archive is damaged: fetch or make it again.";
    private const string CutOff = "The archive was cut off: fetch or make it again.";

    /// <summary><c>member "x" › byte N</c>, or <c>byte N</c> where no member is known.</summary>
    public static string Place(string? member, long offset)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"byte {offset}");
        return member is null ? place : $"member {TarText.Quote(member)}{Fault.PlaceSeparator}{place}";
    }

    public static TarFormatException Truncated(string part, string? member, long offset, long expected, long actual) =>
        new(new Fault(FaultCode.Truncated, $"the archive ends inside {part}", Place(member, offset), CutOff)
        {
            Expected = Bytes(expected),
            Actual = Bytes(actual),
        });

    public static TarFormatException MemberMissing(long offset) =>
        new(new Fault(FaultCode.Truncated, "the archive ends between a member's pax or GNU header and the member", Place(null, offset), CutOff));

    public static TarFormatException NotAnArchive(string? seems) => new(new Fault(
        FaultCode.NotAnArchive,
        seems is null ? "this is no tar archive" : $"this is no tar archive, it seems to be {seems}",
        Place(null, 0),
        "Give an archive as docker save writes it, or an OCI layout in a tar."));

    public static TarFormatException BadChecksum(long offset, long expected, long actual) =>
        new(new Fault(FaultCode.BadChecksum, "a header does not have the checksum it states", Place(null, offset), Damaged)
        {
            Expected = expected.ToString(CultureInfo.InvariantCulture),
            Actual = actual.ToString(CultureInfo.InvariantCulture),
        });

    public static TarFormatException BadHeader(string what, string? member, long offset) =>
        new(new Fault(FaultCode.BadHeader, what, Place(member, offset), Damaged));

    public static TarFormatException Sparse(string what, string? member, long offset) =>
        new(new Fault(FaultCode.Sparse, what, Place(member, offset), "Make the archive again without tar's option --sparse."));

    public static TarFormatException Limit(string what, string? member, long offset, string bound, long limit, long? actual = null) =>
        new(new Fault(FaultCode.Limit, what, Place(member, offset), $"If the archive is to be trusted, raise {bound}.")
        {
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {limit}"),
            Actual = actual?.ToString(CultureInfo.InvariantCulture),
        });

    private static string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "byte" : "bytes")}");
}
