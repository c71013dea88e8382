using System.Globalization;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>The words for everything that can be wrong with a DAG.</summary>
internal static class DagFaults
{
    private const string Replaced = "Get the block from another place; this copy is damaged or was replaced.";
    private const string Foreign = "Whoever made it used a broken or hostile program: import the files again.";

    public static IpdrException BadNode(Cid cid, string what) => Of(FaultCode.BadNode, what, Place(cid), Foreign);

    public static IpdrException Missing(Cid cid) =>
        Of(FaultCode.MissingBlock, "a block is missing", Place(cid), "Get it from where the rest came from, or from another place.");

    public static IpdrException Mismatch(Cid cid, Multihash actual) => new(
        new Fault(FaultCode.DigestMismatch, "the block does not have the hash that names it", Place(cid), Replaced)
        {
            Expected = cid.Hash.ToString(),
            Actual = actual.ToString(),
        });

    public static IpdrException Unverifiable(Cid cid) => Of(
        FaultCode.UnsupportedAlgorithm,
        string.Create(CultureInfo.InvariantCulture, $"a block cannot be checked against {cid.Hash.Digest.Length} bytes of {cid.Hash.Code.Name}"),
        Place(cid),
        "Import the content again with sha2-256.");

    public static IpdrException UnsupportedCodec(Cid cid) =>
        Of(FaultCode.UnsupportedCodec, $"the block is {cid.Codec.Name}, and files and directories are dag-pb or raw", Place(cid), "Only UnixFS can be read as files.");

    public static IpdrException Limit(string where, string what, string bound, long limit, long? actual = null) => new(
        new Fault(FaultCode.Limit, what, where, $"If the content is to be trusted, raise {bound}.")
        {
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {limit}"),
            Actual = actual?.ToString(CultureInfo.InvariantCulture),
        });

    public static IpdrException TooDeep(Cid directory, DagLimits limits) =>
        Limit(Place(directory), "directories are nested too deep", nameof(DagLimits.MaxDirectoryDepth), limits.MaxDirectoryDepth);

    public static IpdrException FileTooDeep(Cid part, DagLimits limits) =>
        Limit(Place(part), "the nodes of a file are nested too deep", nameof(DagLimits.MaxNodeDepth), limits.MaxNodeDepth);

    public static IpdrException NoPart(Cid file) => BadNode(file, "a part of a file is no file");

    public static IpdrException WrongPart(Cid file, long actual, long stated) => BadNode(file, $"a part of a file has {actual} bytes, and its node states {stated}");

    public static IpdrException BadName(Cid directory, ReadOnlySpan<byte> name, string what) =>
        Of(FaultCode.PathTraversal, $"an entry's name {what}: \"{Printable(name)}\"", $"directory {directory}", Foreign);

    public static IpdrException Duplicate(Cid directory, string name) =>
        Of(FaultCode.AmbiguousDuplicate, $"two entries have the name \"{Printable(Encoding.UTF8.GetBytes(name))}\"", $"directory {directory}", Foreign);

    public static IpdrException NoEntry(string name, string where) =>
        Of(FaultCode.NoSuchEntry, $"there is no entry \"{Printable(Encoding.UTF8.GetBytes(name))}\"", where, "ipdr car ls lists what there is.");

    public static IpdrException NotADirectory(Cid cid) => Of(FaultCode.NotADirectory, "it is no directory, so nothing has a path below it", Place(cid), "");

    public static IpdrException NotAFile(Cid cid, DagEntryKind kind) =>
        Of(FaultCode.NotAFile, kind == DagEntryKind.Directory ? "it is a directory, not a file" : "it is a symbolic link, not a file", Place(cid), "");

    public static string Place(Cid cid) => $"block {cid}";

    private static IpdrException Of(FaultCode code, string what, string where, string remedy) => new(new Fault(code, what, where, remedy));

    // Names come from anywhere and messages go to terminals and logs.
    private static string Printable(ReadOnlySpan<byte> name)
    {
        const int MaxShownBytes = 200;
        StringBuilder shown = new();
        foreach (Rune rune in Encoding.UTF8.GetString(name[..Math.Min(name.Length, MaxShownBytes)]).EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                shown.Append(rune);
        }
        return name.Length > MaxShownBytes ? shown.Append('…').ToString() : shown.ToString();
    }
}
