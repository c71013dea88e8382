using System.IO.Pipelines;
using Ipdr.Oci.Car;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Gateways;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Destinations.Dags;

/// <summary>A CAR: a file, which appears whole or not at all, or a stream.</summary>
public sealed class CarDestination : IDagDestination
{
    private readonly string? _path;
    private readonly Stream? _stream;

    private CarDestination(string name, string? path, Stream? stream) => (Name, _path, _stream) = (name, path, stream);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>A file; what has that name already is replaced.</summary>
    public static CarDestination ToFile(string path) => new($"car={path}", Path.GetFullPath(path), null);

    /// <summary>A stream, such as standard output; disposed of with this.</summary>
    public static CarDestination ToStream(Stream stream) => new("car=-", null, stream);

    /// <inheritdoc/>
    public async Task ReceiveAsync(DagOffer offer, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(blocks);
        if (_path is null)
        {
            await WriteAsync(offer.Root, blocks, _stream!, cancellationToken).ConfigureAwait(false);
            return;
        }
        string folder = Path.GetDirectoryName(_path)!;
        DestinationIo.Guard(folder, () => Directory.CreateDirectory(folder));
        using StagingFolder staging = StagingFolder.Create(folder, $".{Path.GetFileName(_path)}.ipdr-");
        using StagedFile file = staging.NewFile();
        StagedFileStream stream = new(file);
        await using (stream.ConfigureAwait(false))
            await WriteAsync(offer.Root, blocks, stream, cancellationToken).ConfigureAwait(false);
        file.BeginComplete();
        await file.MoveToAsync(_path).ConfigureAwait(false);
        Posix.SyncDirectory(folder);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task WriteAsync(Cid root, IAsyncEnumerable<DagPiece> blocks, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            PipeWriter output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
            await output.WriteAsync(CarHeaderCodec.Encode(root), cancellationToken).ConfigureAwait(false);
            await foreach (DagPiece block in blocks.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                output.Advance(CarSection.WriteHead(output.GetSpan(CarSection.MaxHeadLength), block.Cid, block.Bytes.Length));
                await output.WriteAsync(block.Bytes, cancellationToken).ConfigureAwait(false);
            }
            await output.CompleteAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw DestinationIo.Explain("the CAR", e);
        }
    }
}
