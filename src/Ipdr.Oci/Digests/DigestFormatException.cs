using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Digests;

/// <summary>A text that should be a digest is not.</summary>
public sealed class DigestFormatException(DigestFault fault, string text) : IpdrException(Describe(fault, text))
{
    /// <summary>What is wrong with the text.</summary>
    public DigestFault Reason { get; } = fault;

    /// <summary>The fault in words, with the start of <paramref name="text"/> as its place.</summary>
    public static Fault Describe(DigestFault fault, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        FaultCode code = fault == DigestFault.UnsupportedAlgorithm ? FaultCode.UnsupportedAlgorithm : FaultCode.BadDigest;
        return new Fault(code, Explain(fault), $"digest \"{Shorten(text)}\"", "A digest is written algorithm:hex, as in sha256:e3b0….");
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

    private static string Shorten(string text) => text.Length <= 160 ? text : string.Concat(text.AsSpan(0, 157), "…");
}
