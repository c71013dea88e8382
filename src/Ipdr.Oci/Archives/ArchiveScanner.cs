using System.Buffers;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Archives;

/// <summary>Walks an archive once: keeps its small documents, hands every other content to a sink or skips it.</summary>
internal sealed class ArchiveScanner(ArchiveLimits limits, IMemberSink sink)
{
    private readonly ArchiveContents _contents = new(limits);
    private long _documentBytes;
    private long _wellKnownBytes;

    /// <summary>Reads the archive to the end of its input.</summary>
    /// <exception cref="TarFormatException">The input is no tar archive, is broken or ends too early.</exception>
    /// <exception cref="IpdrException">A limit was passed, or the sink failed.</exception>
    public async Task<ArchiveContents> ScanAsync(TarReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
        {
            if (EntryPath.TryParse(entry.Name, out EntryPath path, out _))
                await TakeAsync(reader, entry, path, cancellationToken).ConfigureAwait(false);
            else
                _contents.AddUnsafe(entry.Name, entry.BodyOffset);
        }
        if (reader.End == TarEnd.NoEndBlocks && reader.Position == 0)
            throw TarFaults.NotAnArchive("an empty file");
        _contents.End = reader.End;
        _contents.TrailingBytes = await reader.DrainAsync(cancellationToken).ConfigureAwait(false);
        return _contents;
    }

    private async ValueTask TakeAsync(TarReader reader, TarEntry entry, EntryPath path, CancellationToken cancellationToken)
    {
        if (entry.Type != TarEntryType.RegularFile)
        {
            _contents.Add(new ArchiveMember(path, entry.Type, entry.Size, entry.BodyOffset) { LinkTarget = entry.LinkName });
            return;
        }
        PeekedStream body = new(new MemberBodyStream(reader));
        await using (body.ConfigureAwait(false))
        {
            ReadOnlyMemory<byte> start = await body.PeekAsync((int)Math.Min(TarSniffer.StartLength, entry.Size), cancellationToken).ConfigureAwait(false);
            bool isDocument = IsDocument(path.ToString(), entry.Size, start.Span);
            ArchiveMember member = new(path, entry.Type, entry.Size, entry.BodyOffset)
            {
                // The cast matters: a bare null would become an empty document, by way of byte[].
                Document = isDocument ? await ReadAsync(body, (int)entry.Size, cancellationToken).ConfigureAwait(false) : (ReadOnlyMemory<byte>?)null,
                IsContiguous = !entry.IsSparse,
            };
            ArchiveMember first = _contents.Add(member);
            if (!isDocument)
                await sink.AcceptAsync(member, first, body, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsDocument(string path, long size, ReadOnlySpan<byte> start)
    {
        if (WellKnown.IsDocument(path))
        {
            int most = path == WellKnown.DockerManifest ? limits.MaxArchiveManifestBytes : limits.MaxDocumentBytes;
            if (size > most)
                throw new IpdrException(new Fault(FaultCode.Limit, "the document is too large", path, "No tool writes such a document; do not use this archive.") { Expected = $"at most {most} bytes", Actual = $"{size} bytes" });
            if ((_wellKnownBytes += size) > limits.MaxDocumentsBytes)
                throw new IpdrException(new Fault(FaultCode.Limit, $"the document occurs again and again, with more than {limits.MaxDocumentsBytes} bytes in all", path, "No tool writes such an archive; do not use it."));
            return true;
        }
        bool isDocument = start.TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..]
            && size <= limits.MaxDocumentBytes
            && _documentBytes + size <= limits.MaxDocumentsBytes;
        // What is not kept uses up nothing: manifests are small, and find room behind large blobs that are JSON too.
        _documentBytes += isDocument ? size : 0;
        return isDocument;
    }

    // Grows with what really comes: a declared size is only a promise.
    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(PeekedStream body, int size, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> buffer = new(TarSniffer.StartLength);
        while (buffer.WrittenCount < size)
        {
            Memory<byte> free = buffer.GetMemory();
            int count = await body.ReadAsync(free[..Math.Min(free.Length, size - buffer.WrittenCount)], cancellationToken).ConfigureAwait(false);
            if (count == 0)
                break;
            buffer.Advance(count);
        }
        return buffer.WrittenMemory;
    }
}
