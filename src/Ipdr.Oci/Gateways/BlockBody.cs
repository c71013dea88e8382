using System.Buffers;
using System.Globalization;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways;

/// <summary>Reads a block that is an answer's body.</summary>
internal static class BlockBody
{
    // Where the answer does not say how long it is.
    private const int FirstGuess = 64 << 10;

    /// <summary>Reads the whole body and holds it against its name. The caller disposes of it.</summary>
    /// <exception cref="SourceException">It is too large, cut off, or another block.</exception>
    public static async ValueTask<IMemoryOwner<byte>> ReadAsync(HttpPeer peer, HttpResponseMessage answer, Cid cid, CancellationToken cancellationToken)
    {
        if (!cid.Hash.IsVerifiable)
            throw DagFaults.Unverifiable(cid);
        int max = peer.Options.MaxBlockBytes;
        long? promised = answer.Content.Headers.ContentLength;
        if (promised > max)
            throw SourceFaults.TooLarge(peer.Name, cid, max);
        PacedStream body = await peer.OpenBodyAsync(answer, peer.Options.Patience, cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            BlockBuffer buffer = promised is { } length
                ? await ReadSizedAsync(peer, body, (int)length, cancellationToken).ConfigureAwait(false)
                : await ReadUnsizedAsync(peer, body, cid, max, cancellationToken).ConfigureAwait(false);
            if (cid.Hash.Matches(buffer.Memory.Span))
                return buffer;
            Multihash actual = Multihash.OfContent(cid.Hash.Code, buffer.Memory.Span);
            buffer.Dispose();
            throw SourceFaults.WrongBytes(peer.Name, cid, actual);
        }
    }

    private static async ValueTask<BlockBuffer> ReadSizedAsync(HttpPeer peer, PacedStream body, int length, CancellationToken cancellationToken)
    {
        BlockBuffer buffer = new(length);
        try
        {
            int count = await body.ReadAtLeastAsync(buffer.Memory, length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return count == length ? buffer : throw SourceFaults.CutOff(peer.Name, string.Create(CultureInfo.InvariantCulture, $"{count} of {length} bytes came"));
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static async ValueTask<BlockBuffer> ReadUnsizedAsync(HttpPeer peer, PacedStream body, Cid cid, int max, CancellationToken cancellationToken)
    {
        byte[] room = ArrayPool<byte>.Shared.Rent(FirstGuess);
        try
        {
            int length = 0;
            for (int count; (count = await body.ReadAsync(room.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0;)
            {
                length += count;
                if (length > max)
                    throw SourceFaults.TooLarge(peer.Name, cid, max);
                if (length < room.Length)
                    continue;
                byte[] larger = ArrayPool<byte>.Shared.Rent(2 * length);
                room.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(room);
                room = larger;
            }
            return BlockBuffer.Of(room.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }
}
