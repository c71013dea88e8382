using System.Diagnostics.CodeAnalysis;

namespace Ipdr.Oci.Multiformats;

/// <summary>The name of a block: what its bytes are, and their hash (CID specification), version 0 or 1.</summary>
/// <remarks>
/// Equality is that of the binary form: a version 0 and the version 1 of the same block differ. Only valid CIDs are values;
/// <c>default</c> is no CID, has no bytes and prints as the empty text. A CID of sha2-256 needs no memory beside its 56 bytes.
/// </remarks>
public readonly record struct Cid : ISpanParsable<Cid>
{
    /// <summary>Bytes of the longest binary form: version, codec, function, length, 128 bytes of digest.</summary>
    public const int MaxLength = 1 + MaxCodeLength + MaxCodeLength + 2 + Multihash.MaxDigestLength;

    // A varint of 31 bits.
    private const int MaxCodeLength = 5;
    private const byte Sha256Code = (byte)MultihashCode.Sha256;
    private const byte Sha256Length = 32;
    private const int Version0Length = 2 + Sha256Length;
    private const int Version0TextLength = 46;

    // Base16 is the longest spelling.
    private const int MaxTextLength = 1 + 2 * MaxLength;

    private readonly Multihash _hash;

    private Cid(byte version, Multicodec codec, in Multihash hash)
    {
        Version = version;
        Codec = codec;
        _hash = hash;
    }

    /// <summary>0 or 1.</summary>
    public int Version { get; }

    /// <summary>What the block's bytes are.</summary>
    public Multicodec Codec { get; }

    /// <summary>The hash of the block's bytes.</summary>
    public Multihash Hash => _hash;

    /// <summary>Bytes of the binary form; 0 for <c>default</c>.</summary>
    public int Length => Version == 1 ? 1 + UnsignedVarint.LengthOf((ulong)Codec) + _hash.Length : Codec == default ? 0 : Version0Length;

    /// <summary>Makes a CID.</summary>
    /// <param name="version">0 or 1.</param>
    /// <param name="codec">What the block's bytes are; version 0 has dag-pb only.</param>
    /// <param name="hash">The hash; version 0 has 32 bytes of sha2-256 only.</param>
    /// <exception cref="ArgumentException">Version 0 cannot say that.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such version, or a negative codec.</exception>
    public static Cid Create(int version, Multicodec codec, in Multihash hash)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfNegative((int)codec, nameof(codec));
        Cid cid = new((byte)version, codec, hash);
        return version == 1 || cid.CanBeVersion0 ? cid : throw new ArgumentException("a CID of version 0 is dag-pb and sha2-256", nameof(version));
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    /// <exception cref="ArgumentNullException"><paramref name="s"/> is null.</exception>
    public static Cid Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <summary>Reads a CID in any base. Paths and addresses are read by <see cref="ContentPath"/>.</summary>
    /// <param name="s">The text, nothing before or after the CID.</param>
    /// <param name="provider">Ignored: a CID looks the same everywhere.</param>
    /// <exception cref="CidFormatException">The text is no CID.</exception>
    public static Cid Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        Read(s, out Cid cid) is var fault and not CidFault.None ? throw new CidFormatException(fault, s.ToString()) : cid;

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, IFormatProvider?, out Cid)"/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Cid result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <summary>Reads a CID in any base; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Cid result) => Read(s, out result) == CidFault.None;

    /// <summary>Reads a CID in any base and tells what is wrong with it.</summary>
    /// <param name="text">The text, nothing before or after the CID.</param>
    /// <param name="cid">The CID, or <c>default</c> where there is a fault.</param>
    public static CidFault Read(ReadOnlySpan<char> text, out Cid cid)
    {
        cid = default;
        if (text.StartsWith("Qm"))
            return text.Length == Version0TextLength ? ReadEncoded(MultibaseTable.EncodingOf(Multibase.Base58Btc), text, out cid) : CidFault.BadVersion0Length;
        if (text.Length < 2)
            return CidFault.Empty;
        if (text.Length > MaxTextLength)
            return CidFault.TextTooLong;
        if (MultibaseTable.OfPrefix(text[0]) is not { } encoding)
            return CidFault.UnknownBase;
        CidFault fault = ReadEncoded(encoding, text[1..], out Cid read);
        if (fault != CidFault.None)
            return LegacyImageName.Read(text, out _) == CidFault.None ? CidFault.LegacyName : fault;
        if (read.Version == 0)
            return CidFault.Version0InBase;
        cid = read;
        return CidFault.None;
    }

    /// <summary>Reads bytes that are a CID, all of them, and tells what is wrong with them.</summary>
    /// <param name="bytes">The binary form.</param>
    /// <param name="cid">The CID, or <c>default</c> where there is a fault.</param>
    public static CidFault Read(ReadOnlySpan<byte> bytes, out Cid cid)
    {
        CidFault fault = Read(bytes, out Cid read, out int length);
        if (fault == CidFault.None && length < bytes.Length)
            fault = CidFault.TrailingBytes;
        cid = fault == CidFault.None ? read : default;
        return fault;
    }

    /// <summary>Reads the CID at the start of bytes that may go on after it, and tells what is wrong with it.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="cid">The CID, or <c>default</c> where there is a fault.</param>
    /// <param name="length">Bytes of the CID, 0 where there is a fault.</param>
    public static CidFault Read(ReadOnlySpan<byte> source, out Cid cid, out int length)
    {
        cid = default;
        length = 0;
        if (source.IsEmpty)
            return CidFault.Empty;
        if (source is [Sha256Code, Sha256Length, ..])
        {
            if (source.Length < Version0Length)
                return CidFault.Truncated;
            length = Version0Length;
            cid = new Cid(0, Multicodec.DagPb, Multihash.Create(MultihashCode.Sha256, source[2..Version0Length]));
            return CidFault.None;
        }
        ReadOnlySpan<byte> rest = source;
        CidFault fault = CidBytes.ReadCode(ref rest, out int version, out _);
        if (fault == CidFault.CodeTooLarge || (fault == CidFault.None && version != 1))
            return CidFault.UnsupportedVersion;
        int codec = 0;
        if (fault == CidFault.None)
            fault = CidBytes.ReadCode(ref rest, out codec, out _);
        if (fault != CidFault.None)
            return fault;
        fault = Multihash.Read(rest, out Multihash hash, out int hashLength);
        if (fault != CidFault.None)
            return fault;
        length = source.Length - rest.Length + hashLength;
        cid = new Cid(1, (Multicodec)codec, hash);
        return CidFault.None;
    }

    /// <summary>Writes the binary form and returns its length.</summary>
    /// <param name="destination">Room for <see cref="Length"/> bytes.</param>
    public int CopyTo(Span<byte> destination)
    {
        if (Version == 0)
            return Codec == default ? 0 : _hash.CopyTo(destination);
        destination[0] = 1;
        int written = 1 + UnsignedVarint.Write(destination[1..], (ulong)Codec);
        return written + _hash.CopyTo(destination[written..]);
    }

    /// <summary>The version 1 with the same codec and hash.</summary>
    public Cid ToVersion1() => new(1, Codec, _hash);

    /// <summary>The version 0 with the same codec and hash; there is one for dag-pb with 32 bytes of sha2-256 only.</summary>
    public bool TryToVersion0(out Cid result)
    {
        result = CanBeVersion0 ? new Cid(0, Codec, _hash) : default;
        return CanBeVersion0;
    }

    /// <summary>The spelling to print: base58btc for version 0, base32 for version 1.</summary>
    public override string ToString() => Version == 1 ? ToString(Multibase.Base32)
        : Codec == default ? "" : Spell(MultibaseTable.EncodingOf(Multibase.Base58Btc), prefix: "");

    /// <summary>A version 1 in any base, with the base's prefix.</summary>
    /// <exception cref="InvalidOperationException">A version 0 has one spelling only; <see cref="ToVersion1"/> has all.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="base"/> is none of the enumeration's.</exception>
    public string ToString(Multibase @base)
    {
        if (Version == 0)
            throw new InvalidOperationException("a CID of version 0 is written in base58btc without a prefix");
        return Spell(MultibaseTable.EncodingOf(@base), [MultibaseTable.PrefixOf(@base)]);
    }

    private bool CanBeVersion0 => Codec == Multicodec.DagPb && _hash.Code == MultihashCode.Sha256 && _hash.Digest.Length == Sha256Length;

    private static CidFault ReadEncoded(BaseEncoding encoding, ReadOnlySpan<char> text, out Cid cid)
    {
        Span<byte> bytes = stackalloc byte[MaxLength + 1];
        cid = default;
        return encoding.Decode(text, bytes, out int length) switch
        {
            BaseFault.None => Read(bytes[..length], out cid),
            BaseFault.BadCharacter => CidFault.BadCharacter,
            BaseFault.TooLong => CidFault.TextTooLong,
            _ => CidFault.BadEncoding,
        };
    }

    private string Spell(BaseEncoding encoding, ReadOnlySpan<char> prefix)
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        Span<char> text = stackalloc char[MaxTextLength];
        prefix.CopyTo(text);
        int written = encoding.Encode(bytes[..CopyTo(bytes)], text[prefix.Length..]);
        return new string(text[..(prefix.Length + written)]);
    }
}
