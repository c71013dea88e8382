using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Multiformats;

/// <summary>A digest that says by which function it was made (multihash specification): code, length, digest.</summary>
/// <remarks>Digests of up to 32 bytes lie in the value itself. <c>default</c> is the identity of no bytes.</remarks>
public readonly record struct Multihash
{
    /// <summary>The longest digest accepted, in bytes. Kubo and its kin accept no more.</summary>
    public const int MaxDigestLength = 128;

    /// <summary>The shortest digest that content is checked against, in bytes. Kubo's bound too: shorter ones can be forged.</summary>
    public const int MinVerifiableLength = 20;

    [ThreadStatic]
    private static Blake3? _blake3;

    private readonly InlineDigest _inline;
    private readonly byte[]? _long;
    private readonly int _length;

    private Multihash(MultihashCode code, ReadOnlySpan<byte> digest)
    {
        Code = code;
        _length = digest.Length;
        if (digest.Length <= InlineDigest.Length)
            digest.CopyTo(MemoryMarshal.AsBytes((Span<ulong>)_inline));
        else
            _long = digest.ToArray();
    }

    /// <summary>The function.</summary>
    public MultihashCode Code { get; }

    /// <summary>The digest's bytes.</summary>
    [UnscopedRef]
    public ReadOnlySpan<byte> Digest => _long ?? MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)_inline)[.._length];

    /// <summary>Bytes of the binary form.</summary>
    public int Length => UnsignedVarint.LengthOf((ulong)Code) + UnsignedVarint.LengthOf((ulong)_length) + _length;

    /// <summary>Whether <see cref="Matches"/> can tell: a function computed here, and a digest long enough to mean something.</summary>
    public bool IsVerifiable => Code == MultihashCode.Identity || (Code.DigestLength >= _length && _length >= MinVerifiableLength);

    /// <summary>Makes a multihash of a finished digest.</summary>
    /// <exception cref="ArgumentException">The digest has more than 128 bytes, or more than the function gives.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is negative.</exception>
    public static Multihash Create(MultihashCode code, ReadOnlySpan<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfNegative((int)code, nameof(code));
        return digest.Length <= MaxLengthOf(code)
            ? new Multihash(code, digest)
            : throw new ArgumentException($"a {code.Name} digest has at most {MaxLengthOf(code)} bytes, not {digest.Length}", nameof(digest));
    }

    /// <summary>Hashes content that is at hand. Safe for several threads.</summary>
    /// <exception cref="ArgumentException">Identity, and the content is longer than 128 bytes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The function is not computed here.</exception>
    public static Multihash OfContent(MultihashCode code, ReadOnlySpan<byte> content)
    {
        if (code == MultihashCode.Identity)
            return Create(code, content);
        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        switch (code)
        {
            case MultihashCode.Sha256:
                SHA256.HashData(content, digest);
                break;
            case MultihashCode.Sha512:
                SHA512.HashData(content, digest);
                break;
            case MultihashCode.Blake3:
                Blake3 blake3 = _blake3 ??= new Blake3();
                blake3.Append(content);
                blake3.FinishAndReset(digest);
                break;
            case MultihashCode.Blake2b256:
                Blake2b.Hash256(content, digest);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(code), $"hash function {code.Name} is not computed here");
        }
        return new Multihash(code, digest[..code.DigestLength.GetValueOrDefault()]);
    }

    /// <summary>Reads the multihash at the start of bytes that may go on after it, and tells what is wrong with it.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="hash">The multihash, or <c>default</c> where there is a fault.</param>
    /// <param name="length">Bytes of the multihash, 0 where there is a fault.</param>
    public static CidFault Read(ReadOnlySpan<byte> source, out Multihash hash, out int length)
    {
        hash = default;
        length = 0;
        CidFault fault = CidBytes.ReadCode(ref source, out int code, out int codeLength);
        if (fault != CidFault.None)
            return fault;
        if (UnsignedVarint.Read(source, out ulong digestLength, out int lengthLength) is var varint and not VarintFault.None)
            return CidBytes.FaultOf(varint);
        if (digestLength > (ulong)MaxLengthOf((MultihashCode)code))
            return CidFault.DigestTooLong;
        source = source[lengthLength..];
        if (source.Length < (int)digestLength)
            return CidFault.Truncated;
        hash = new Multihash((MultihashCode)code, source[..(int)digestLength]);
        length = codeLength + lengthLength + (int)digestLength;
        return CidFault.None;
    }

    /// <summary>Whether the content has this hash. A shortened digest is compared as far as it goes.</summary>
    /// <exception cref="InvalidOperationException">The hash is not <see cref="IsVerifiable">verifiable</see>.</exception>
    public bool Matches(ReadOnlySpan<byte> content)
    {
        if (!IsVerifiable)
            throw new InvalidOperationException($"content cannot be checked against {_length} bytes of {Code.Name}");
        return Code == MultihashCode.Identity ? Digest.SequenceEqual(content) : IsPrefixOf(OfContent(Code, content));
    }

    /// <summary>Writes the binary form and returns its length.</summary>
    /// <param name="destination">Room for <see cref="Length"/> bytes.</param>
    public int CopyTo(Span<byte> destination)
    {
        int written = UnsignedVarint.Write(destination, (ulong)Code);
        written += UnsignedVarint.Write(destination[written..], (ulong)_length);
        Digest.CopyTo(destination[written..]);
        return written + _length;
    }

    /// <inheritdoc/>
    public bool Equals(Multihash other) => Code == other.Code && Digest.SequenceEqual(other.Digest);

    /// <inheritdoc/>
    // Seeded: names come from strangers, and identity digests are theirs to choose.
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add((int)Code);
        hash.AddBytes(Digest);
        return hash.ToHashCode();
    }

    /// <summary><c>sha2-256:</c> and the digest in hexadecimal, for messages.</summary>
    public override string ToString() => $"{Code.Name}:{Convert.ToHexStringLower(Digest)}";

    /// <summary>Whether this digest is the beginning of the other, or all of it.</summary>
    internal bool IsPrefixOf(in Multihash whole) => Code == whole.Code && whole.Digest.StartsWith(Digest);

    // BLAKE3 can give more than the 32 bytes that are computed here: such a digest can be read.
    private static int MaxLengthOf(MultihashCode code) =>
        code is MultihashCode.Blake3 ? MaxDigestLength : code.DigestLength ?? MaxDigestLength;
}
