using System.IO.Pipelines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Car;

/// <summary>Writes CARs: one root, each block once, where a depth-first walk first meets it, as <c>ipfs dag export</c> does.</summary>
public static class CarWriter
{
    /// <summary>Bytes that the CAR of a DAG has, without the index of a version 2. No content is read for it.</summary>
    /// <exception cref="InvalidOperationException">The DAG was built without <see cref="ImportOptions.KeepBlocks"/>.</exception>
    public static long MeasureData(Dag dag)
    {
        ArgumentNullException.ThrowIfNull(dag);
        long length = CarHeaderCodec.Encode(dag.Root).Length;
        foreach (DagBlock block in Blocks(dag))
            length += CarSection.LengthOf(block.Cid, block.Length);
        return length;
    }

    /// <summary>Writes the CAR of a DAG, reading its content again, block by block.</summary>
    /// <param name="dag">What was imported with <see cref="ImportOptions.KeepBlocks"/>.</param>
    /// <param name="destination">A file or a pipe; it is written from front to back, and stays the caller's.</param>
    /// <param name="version">The form. For a version 2 each block's hash and place are held to the end, about 60 bytes.</param>
    /// <param name="cancellationToken">Stops between two blocks.</param>
    /// <exception cref="IpdrException">Content can no longer be read, or has changed since it was imported.</exception>
    /// <exception cref="IOException">The destination cannot be written.</exception>
    public static async Task WriteAsync(Dag dag, Stream destination, CarVersion version = CarVersion.V1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dag);
        PipeWriter output = PipeWriter.Create(destination, new StreamPipeWriterOptions(leaveOpen: true));
        List<IndexEntry>? index = version == CarVersion.V2 ? [] : null;
        if (index is not null)
            WriteOuterHeader(output, MeasureData(dag));
        byte[] header = CarHeaderCodec.Encode(dag.Root);
        await output.WriteAsync(header, cancellationToken).ConfigureAwait(false);
        long position = header.Length;
        foreach (DagBlock block in Blocks(dag))
        {
            index?.Add(new IndexEntry(block.Cid.Hash, position));
            position += await WriteSectionAsync(output, block, cancellationToken).ConfigureAwait(false);
        }
        if (index is not null)
            await MultihashIndex.WriteAsync(output, index, cancellationToken).ConfigureAwait(false);
        await output.CompleteAsync().ConfigureAwait(false);
    }

    /// <summary>Writes the CAR of a DAG to a file, which appears whole or not at all. What has that name already is replaced.</summary>
    /// <param name="dag">What was imported with <see cref="ImportOptions.KeepBlocks"/>.</param>
    /// <param name="path">The file.</param>
    /// <param name="version">The form.</param>
    /// <param name="cancellationToken">Stops between two blocks; nothing is left behind then.</param>
    /// <exception cref="IpdrException">Content can no longer be read, or has changed, or the file cannot be written.</exception>
    public static async Task WriteAsync(Dag dag, string path, CarVersion version = CarVersion.V1, CancellationToken cancellationToken = default)
    {
        path = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(path)!;
        DestinationIo.Guard(folder, () => Directory.CreateDirectory(folder));
        using StagingFolder staging = StagingFolder.Create(folder, $".{Path.GetFileName(path)}.ipdr-");
        using StagedFile file = staging.NewFile();
        StagedFileStream stream = new(file);
        await using (stream.ConfigureAwait(false))
            await WriteAsync(dag, stream, version, cancellationToken).ConfigureAwait(false);
        file.BeginComplete();
        await file.MoveToAsync(path).ConfigureAwait(false);
        Posix.SyncDirectory(folder);
    }

    // An identity is its own content: it goes into no CAR.
    private static IEnumerable<DagBlock> Blocks(Dag dag) => dag.Blocks().Where(block => block.Cid.Hash.Code != MultihashCode.Identity);

    private static void WriteOuterHeader(PipeWriter output, long dataSize)
    {
        CarV2Header header = new(CarV2Header.End, dataSize, CarV2Header.End + dataSize);
        Span<byte> start = output.GetSpan(CarV2Header.End);
        CarHeaderCodec.Pragma.CopyTo(start);
        header.Write(start[CarHeaderCodec.Pragma.Length..]);
        output.Advance(CarV2Header.End);
    }

    private static async ValueTask<int> WriteSectionAsync(PipeWriter output, DagBlock block, CancellationToken cancellationToken)
    {
        // The block is read to where it is written from: its bytes are not copied.
        int headLength = CarSection.WriteHead(output.GetSpan(CarSection.MaxHeadLength), block.Cid, block.Length);
        output.Advance(headLength);
        await block.ReadAsync(output.GetMemory(block.Length), cancellationToken).ConfigureAwait(false);
        output.Advance(block.Length);
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        return headLength + block.Length;
    }
}
