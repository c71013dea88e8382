using System.IO.Compression;
using Ipdr.Oci.Compression.Deflate;

namespace Ipdr.Oci.Tests.Compression.Deflate;

/// <summary>What blocks become when they are compressed here and decompressed by the platform.</summary>
internal static class Inflated
{
    // An empty block of fixed codes that is marked as the last.
    private static readonly byte[] End = [0x03, 0x00];

    /// <summary>Compresses blocks with one encoder, joins them and decompresses the whole.</summary>
    public static byte[] Of(DeflateEncoder encoder, params byte[][] blocks)
    {
        using MemoryStream joined = new();
        foreach (byte[] block in blocks)
            joined.Write(Compressed(encoder, block));
        joined.Write(End);
        joined.Position = 0;
        using DeflateStream inflater = new(joined, CompressionMode.Decompress);
        using MemoryStream plain = new();
        inflater.CopyTo(plain);
        return plain.ToArray();
    }

    /// <summary>Compresses one block, and holds the encoder to its bound: not a byte is written behind it.</summary>
    public static byte[] Compressed(DeflateEncoder encoder, ReadOnlySpan<byte> block)
    {
        const byte Guard = 0xA5;
        int bound = DeflateEncoder.MaxEncodedLength(block.Length);
        byte[] room = new byte[bound + 64];
        room.AsSpan(bound).Fill(Guard);
        int length = encoder.Encode(block, room.AsSpan(0, bound));
        Assert.InRange(length, 1, bound);
        Assert.Equal(-1, room.AsSpan(bound).IndexOfAnyExcept(Guard));
        return room[..length];
    }
}
