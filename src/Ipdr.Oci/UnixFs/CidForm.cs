using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs;

/// <summary>All CIDs of one version, codec and hash: they differ in their digests only.</summary>
/// <remarks>A large file has many leaves; what is kept of each is its digest, and this makes it a link again.</remarks>
internal sealed class CidForm
{
    private readonly int _version;
    private readonly Multicodec _codec;
    private readonly MultihashCode _hash;
    private readonly byte[] _prefix;

    public CidForm(int version, Multicodec codec, MultihashCode hash)
    {
        (_version, _codec, _hash) = (version, codec, hash);
        DigestLength = hash.DigestLength ?? throw new ArgumentOutOfRangeException(nameof(hash));
        Cid sample = Of(new byte[DigestLength]);
        byte[] bytes = new byte[sample.Length];
        sample.CopyTo(bytes);
        _prefix = bytes[..^DigestLength];
    }

    /// <summary>Bytes of the digest.</summary>
    public int DigestLength { get; }

    /// <summary>Bytes of the CID.</summary>
    public int Length => _prefix.Length + DigestLength;

    /// <summary>The CID with this digest.</summary>
    public Cid Of(ReadOnlySpan<byte> digest) => Of(Multihash.Create(_hash, digest));

    /// <summary>The CID with this hash.</summary>
    public Cid Of(in Multihash hash) => Cid.Create(_version, _codec, hash);

    /// <summary>The CID of this block.</summary>
    public Cid OfBlock(ReadOnlySpan<byte> block) => Of(Multihash.OfContent(_hash, block));

    /// <summary>Writes the CID with this digest; the room has <see cref="Length"/> bytes.</summary>
    public void Write(ReadOnlySpan<byte> digest, Span<byte> destination)
    {
        _prefix.CopyTo(destination);
        digest.CopyTo(destination[_prefix.Length..]);
    }
}
