using System.IO.Pipelines;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Files;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Server.Registry;

/// <summary>Sends a part of a blob: read straight into the connection's own buffers, in pieces large enough that system calls do not count.</summary>
internal static class BlobSender
{
    /// <summary>Bytes that a connection may hold back before the next piece is read.</summary>
    public const int HeldBytes = 128 << 10;

    // A few clients are served a fifth faster in large pieces (bench/serve.sh); with hundreds of them pieces are what a server's memory consists of.
    private const int LargePieceBytes = 256 << 10, SmallPieceBytes = 64 << 10, FewClients = 16;

    private static int _clients;

    /// <summary>Sends the bytes. What is not a plain file is checked as it passes; where that fails the client gets less than it was promised.</summary>
    public static async Task SendAsync(HttpContext context, RegistryBlob blob, ByteRange part)
    {
        Interlocked.Increment(ref _clients);
        try
        {
            await (blob is FileBlob file ? SendFileAsync(context, file, part) : SendStreamAsync(context, blob, part)).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _clients);
        }
    }

    private static int PieceOf(long left) => (int)Math.Min(left, Volatile.Read(ref _clients) <= FewClients ? LargePieceBytes : SmallPieceBytes);

    private static async Task SendFileAsync(HttpContext context, FileBlob blob, ByteRange part)
    {
        using SafeFileHandle file = File.OpenHandle(blob.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        PipeWriter body = context.Response.BodyWriter;
        long position = blob.Offset + part.Start;
        for (long left = part.Length; left > 0;)
        {
            Memory<byte> room = body.GetMemory(PieceOf(left));
            if (room.Length > left)
                room = room[..(int)left];
            int count = await RandomAccess.ReadAsync(file, room, position, context.RequestAborted).ConfigureAwait(false);
            if (count == 0)
                throw new EndOfStreamException($"{blob.Path} is shorter than the blob");
            body.Advance(count);
            position += count;
            left -= count;
            FlushResult flushed = await body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            if (flushed.IsCompleted)
                return;
        }
    }

    private static async Task SendStreamAsync(HttpContext context, RegistryBlob blob, ByteRange part)
    {
        Stream content = await blob.OpenAsync(part.Start, context.RequestAborted).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            PipeWriter body = context.Response.BodyWriter;
            bool toTheEnd = part.Start + part.Length == blob.Size;
            for (long left = part.Length; left > 0;)
            {
                Memory<byte> room = body.GetMemory(PieceOf(left));
                int count = await content.ReadAsync(room.Length > left ? room[..(int)left] : room, context.RequestAborted).ConfigureAwait(false);
                if (count == 0)
                    throw new EndOfStreamException($"{blob.Digest} is shorter than promised");
                left -= count;
                // A whole content is judged at its end: its last bytes go out only after that.
                if (left == 0 && toTheEnd)
                    await RequireEndAsync(content, blob, context.RequestAborted).ConfigureAwait(false);
                body.Advance(count);
                if ((await body.FlushAsync(context.RequestAborted).ConfigureAwait(false)).IsCompleted)
                    return;
            }
        }
    }

    private static async Task RequireEndAsync(Stream content, RegistryBlob blob, CancellationToken cancellationToken)
    {
        if (await content.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false) > 0)
            throw new InvalidDataException($"{blob.Digest} is longer than promised");
    }
}
