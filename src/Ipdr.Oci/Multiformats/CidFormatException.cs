using System.Text;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Multiformats;

/// <summary>What should be a CID is not.</summary>
public sealed class CidFormatException(CidFault fault, string text) : IpdrException(Describe(fault, text))
{
    // A CID of sha2-256 in base32 has 59 characters; the start of a longer text is enough to find it.
    private const int MaxShownLength = 160;

    /// <summary>What is wrong.</summary>
    public CidFault Reason { get; } = fault;

    /// <summary>The fault in words, with the start of <paramref name="text"/> as its place.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fault"/> is no fault.</exception>
    public static Fault Describe(CidFault fault, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new Fault(FaultCode.BadCid, Explain(fault), $"CID \"{Printable(text)}\"", Advise(fault));
    }

    /// <summary>The fault as one clause.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fault"/> is no fault.</exception>
    internal static string Explain(CidFault fault) => fault switch
    {
        CidFault.Empty => "it is empty",
        CidFault.TextTooLong => "it is longer than any CID",
        CidFault.UnknownBase => "its first character is the prefix of no base that CIDs are written in",
        CidFault.BadCharacter => "it has a character that is not in the base's alphabet",
        CidFault.BadEncoding => "its length, padding or last character fits no bytes",
        CidFault.BadVersion0Length => "a CID that begins with Qm has exactly 46 characters",
        CidFault.Version0InBase => "a CID of version 0 has no prefix and no base but base58btc",
        CidFault.UnsupportedVersion => "its version is neither 0 nor 1",
        CidFault.BadVarint => "a number in it is not in its shortest form, or longer than 9 bytes",
        CidFault.CodeTooLarge => "a code in it is larger than any registered one",
        CidFault.DigestTooLong => "its digest is longer than its hash function gives, or than 128 bytes",
        CidFault.Truncated => "it ends early",
        CidFault.TrailingBytes => "bytes follow its digest",
        CidFault.NoCid => "there is no CID in it",
        CidFault.MutableName => "it is a name of IPNS or DNSLink, which names no content by itself",
        CidFault.BadPath => "the path after the CID is malformed or has a part that climbs",
        CidFault.LegacyName => "it is a legacy image name, not a CID",
        CidFault.BadLegacyName => "a legacy image name has 55 characters and begins with ciq",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    private static string Advise(CidFault fault) => fault switch
    {
        CidFault.BadCharacter or CidFault.BadVersion0Length or CidFault.Truncated or CidFault.BadEncoding =>
            "Copy the CID again, whole, without spaces, and in its own upper and lower case.",
        CidFault.MutableName => "Resolve the name first, and give the CID that it stands for.",
        CidFault.LegacyName or CidFault.BadLegacyName => "ipdr convert NAME --format cidv1 translates between the forms.",
        _ => "A CID is written Qm… (46 characters), or with its base's letter first, as bafy… or bafkrei….",
    };

    // The text may come from anywhere and the message goes to terminals and logs: no line breaks, no control sequences.
    private static string Printable(string text)
    {
        StringBuilder shown = new(Math.Min(text.Length, MaxShownLength));
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, MaxShownLength)))
            _ = c is >= ' ' and <= '~' ? shown.Append(c) : shown.Append($"\\u{(int)c:X4}");
        return text.Length > MaxShownLength ? shown.Append('…').ToString() : shown.ToString();
    }
}
