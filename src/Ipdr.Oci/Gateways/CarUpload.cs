using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways;

/// <summary>A CAR as the one file of a form, made as it is sent. A receiver that does not go on reading is said to stall.</summary>
internal sealed class CarUpload : HttpContent
{
    private const string Boundary = "ipdr-car-4b1c9d0e7f2a";

    private readonly Cid _root;
    private readonly IAsyncEnumerable<DagPiece> _blocks;
    private readonly CancellationTokenSource _watch;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _afterwards;

    /// <param name="root">The CAR's root.</param>
    /// <param name="blocks">Its blocks.</param>
    /// <param name="watch">Is cancelled when the receiver took nothing for too long.</param>
    /// <param name="patience">How long a block may take.</param>
    /// <param name="afterwards">How long the answer may take once all was sent.</param>
    public CarUpload(Cid root, IAsyncEnumerable<DagPiece> blocks, CancellationTokenSource watch, TimeSpan patience, TimeSpan afterwards)
    {
        (_root, _blocks, _watch, _patience, _afterwards) = (root, blocks, watch, patience, afterwards);
        Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
    }

    /// <summary>What went wrong on this side while it was sent; null if nothing did.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether all was sent.</summary>
    public bool IsSent { get; private set; }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        PipeWriter output = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        await output.WriteAsync(
            Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"image.car\"\r\nContent-Type: application/octet-stream\r\n\r\n"),
            cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(CarHeaderCodec.Encode(_root), cancellationToken).ConfigureAwait(false);
        IAsyncEnumerator<DagPiece> blocks = _blocks.GetAsyncEnumerator(cancellationToken);
        await using (blocks.ConfigureAwait(false))
        {
            while (await NextAsync(blocks).ConfigureAwait(false))
            {
                DagPiece block = blocks.Current;
                output.Advance(CarSection.WriteHead(output.GetSpan(CarSection.MaxHeadLength), block.Cid, block.Bytes.Length));
                // Others may keep this destination waiting for a block; only what the receiver takes is timed.
                _watch.CancelAfter(_patience);
                await output.WriteAsync(block.Bytes, cancellationToken).ConfigureAwait(false);
                _watch.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
        _watch.CancelAfter(_patience);
        await output.WriteAsync(Encoding.ASCII.GetBytes($"\r\n--{Boundary}--\r\n"), cancellationToken).ConfigureAwait(false);
        await output.CompleteAsync().ConfigureAwait(false);
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        IsSent = true;
        _watch.CancelAfter(_afterwards);
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<DagPiece> blocks)
    {
        try
        {
            return await blocks.MoveNextAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It is thrown to whoever reads the blocks, too; the HTTP client would wrap it in words of its own.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Failure = e;
            throw;
        }
    }
}
