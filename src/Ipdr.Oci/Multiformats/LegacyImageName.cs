using System.Diagnostics.CodeAnalysis;

namespace Ipdr.Oci.Multiformats;

/// <summary>The image names of the first IPDR: the bytes of a CID of version 0 in base32, since Docker's names have no upper case.</summary>
/// <remarks>55 characters that begin with <c>ciq</c>; no multibase, though <c>c</c> is one's prefix.</remarks>
public static class LegacyImageName
{
    private const int Length = 55;
    private const string Start = "ciq";

    private static BaseEncoding Encoding => MultibaseTable.EncodingOf(Multibase.Base32);

    /// <summary>The name for a CID; false where the CID has no version 0.</summary>
    public static bool TryCreate(Cid cid, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (!cid.TryToVersion0(out Cid version0))
            return false;
        Span<byte> bytes = stackalloc byte[version0.Length];
        Span<char> text = stackalloc char[Length];
        version0.CopyTo(bytes);
        Encoding.Encode(bytes, text);
        name = new string(text);
        return true;
    }

    /// <summary>Reads a name and tells what is wrong with it.</summary>
    /// <param name="text">The text, nothing before or after the name.</param>
    /// <param name="cid">The CID of version 0, or <c>default</c> where there is a fault.</param>
    public static CidFault Read(ReadOnlySpan<char> text, out Cid cid)
    {
        cid = default;
        Span<byte> bytes = stackalloc byte[Length];
        return text.Length == Length && text.StartsWith(Start) && Encoding.Decode(text, bytes, out int length) == BaseFault.None
            && Cid.Read(bytes[..length], out cid) == CidFault.None ? CidFault.None : CidFault.BadLegacyName;
    }
}
