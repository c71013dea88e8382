using System.IO.Pipelines;
using Ipdr.Oci.Registries;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Server.Registry;

/// <summary>Sends a part of a file: read straight into the connection's own buffers, in pieces large enough that system calls do not count.</summary>
internal static class BlobSender
{
    // Half of what the connection may hold back: one piece is read while the one before is sent.
    public const int PieceBytes = 256 << 10;

    public static async Task SendAsync(HttpContext context, RegistryBlob blob, ByteRange part)
    {
        using SafeFileHandle file = File.OpenHandle(blob.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        PipeWriter body = context.Response.BodyWriter;
        long position = blob.Offset + part.Start;
        for (long left = part.Length; left > 0;)
        {
            Memory<byte> room = body.GetMemory((int)Math.Min(left, PieceBytes));
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
}
