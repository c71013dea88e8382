using System.Buffers.Binary;
using System.IO.Hashing;
using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression.Gzip;

/// <summary>Header and trailer of a gzip member (RFC 1952, section 2.3).</summary>
internal sealed class GzipFraming : BlockFraming
{
    // ID1 ID2, CM = deflate, FLG = 0, MTIME = 0, XFL = 0, OS = unknown: says nothing about when and where. Go's writer has the same.
    private static readonly byte[] MemberHeader = [0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff];

    // A last block of fixed codes with nothing but its end (RFC 1951, section 3.2.6); blocks before it end on a byte's border.
    private static readonly byte[] LastBlock = [0x03, 0x00];

    private readonly Crc32 _crc = new();
    private uint _length;

    public override ReadOnlyMemory<byte> Header => MemberHeader;

    public override void Append(ReadOnlySpan<byte> block)
    {
        _crc.Append(block);
        _length += (uint)block.Length;
    }

    public override ReadOnlyMemory<byte> Finish()
    {
        byte[] trailer = new byte[LastBlock.Length + sizeof(uint) + sizeof(uint)];
        LastBlock.CopyTo(trailer, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(LastBlock.Length), _crc.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(LastBlock.Length + sizeof(uint)), _length);
        return trailer;
    }
}
