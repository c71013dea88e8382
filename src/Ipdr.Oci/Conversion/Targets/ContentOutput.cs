using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Conversion.Targets;

/// <summary>Where the bytes of one blob go: to a file, unless it is a dry run, and past the hashes that its CID is made of.</summary>
/// <param name="file">The file, or null.</param>
/// <param name="naming">The hashes, or null.</param>
/// <param name="keepsNames">Are the names of all blocks wanted, not that of the whole alone?</param>
internal sealed class ContentOutput(StagedFile? file, FileSink? naming, bool keepsNames) : IDisposable
{
    // Below that, handing over costs more than hashing.
    private const int WorthHandingOver = 64 << 10;

    /// <summary>Takes bytes for the file; null when nothing is written.</summary>
    public BlockPump.Sink? Write => file is null ? null : file.WriteAsync;

    /// <summary>Takes bytes for the CID; null when none is wanted.</summary>
    public BlockPump.Sink? Name => naming is null ? null : (bytes, _) =>
    {
        naming.Append(bytes.Span);
        return ValueTask.CompletedTask;
    };

    /// <summary>The sinks that there are, for those who run them side by side.</summary>
    public IEnumerable<BlockPump.Sink> Sinks => new[] { Write, Name }.OfType<BlockPump.Sink>();

    /// <summary>Gives bytes to both, side by side where that pays.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Task named = Task.CompletedTask;
        if (bytes.Length >= WorthHandingOver && naming is not null)
            named = Task.Run(() => naming.Append(bytes.Span), CancellationToken.None);
        else
            naming?.Append(bytes.Span);
        try
        {
            if (file is not null)
                await file.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // The bytes are borrowed until both are done.
            await named.ConfigureAwait(false);
        }
    }

    /// <summary>Says that all bytes were given.</summary>
    public BlobContent Complete()
    {
        file?.BeginComplete();
        FileNode? node = naming?.Finish(file is not null ? new DiskContent(file.Path) : keepsNames ? PassingContent.Instance : null);
        return file is null ? new BlobContent.Discarded(node) : new BlobContent.InFile(file, node);
    }

    /// <summary>Frees the hashes. The file is its folder's to remove.</summary>
    public void Dispose() => naming?.Dispose();
}
