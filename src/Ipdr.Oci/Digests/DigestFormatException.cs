using System.Text;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Digests;

/// <summary>A text that should be a digest is not.</summary>
public sealed class DigestFormatException(DigestFault fault, string text) : IpdrException(Describe(fault, text))
{
    // The longest digest has 135 characters; the start of a longer text is enough to find it.
    private const int MaxShownLength = 160;

    /// <summary>What is wrong with the text.</summary>
    public DigestFault Reason { get; } = fault;

    /// <summary>The fault in words, with the start of <paramref name="text"/> as its place.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fault"/> is no fault.</exception>
    public static Fault Describe(DigestFault fault, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        FaultCode code = fault == DigestFault.UnsupportedAlgorithm ? FaultCode.UnsupportedAlgorithm : FaultCode.BadDigest;
        return new Fault(code, Explain(fault), $"digest \"{Printable(text)}\"", "A digest is written algorithm:hex, as in sha256:e3b0….");
    }

    private static string Explain(DigestFault fault) => fault switch
    {
        DigestFault.NoColon => "no colon between algorithm and value",
        DigestFault.BadAlgorithm => "the algorithm's name is malformed",
        DigestFault.BadEncoding => "the value has a character that no digest has",
        DigestFault.UnsupportedAlgorithm => "the algorithm is not one of sha256, sha512, blake3",
        DigestFault.BadLength => "the value does not have the algorithm's length",
        DigestFault.NotLowerHex => "the value is not lower-case hexadecimal",
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
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
