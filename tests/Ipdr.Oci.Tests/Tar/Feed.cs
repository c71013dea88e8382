using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

/// <summary>The same bytes as an input of each kind.</summary>
internal sealed class Feed : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private Task _writing = Task.CompletedTask;

    private Feed(PipeReader? input = null) => Input = input!;

    public PipeReader Input { get; private set; }

    public static TheoryData<FeedKind> Kinds => [.. Enum.GetValues<FeedKind>()];

    public static Feed Open(FeedKind kind, byte[] bytes) => kind switch
    {
        FeedKind.Whole => new Feed(Whole(bytes)),
        FeedKind.OneByteASegment => new Feed(PipeReader.Create(ByteSegment.Split(bytes))),
        FeedKind.DrippingStream => new Feed(PipeReader.Create(new DrippingStream(bytes))),
        FeedKind.Pipe => ThroughPipe(bytes),
        FeedKind.File => FromFile(bytes, FileOptions.DeleteOnClose),
        FeedKind.AsynchronousFile => FromFile(bytes, FileOptions.DeleteOnClose | FileOptions.Asynchronous),
        FeedKind.Socket => ThroughSocket(bytes),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>All bytes in one segment.</summary>
    /// <remarks>Over an empty array that is not the shared one, the framework's reader throws InvalidCastException.</remarks>
    public static PipeReader Whole(byte[] bytes) =>
        PipeReader.Create(bytes.Length == 0 ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(bytes));

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        _owned.ForEach(owned => owned.Dispose());
        await _writing;
    }

    private static Feed ThroughPipe(byte[] bytes)
    {
        // Small thresholds: the writer waits for the reader all the time.
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 64, resumeWriterThreshold: 32, minimumSegmentSize: 16));
        return new Feed(pipe.Reader) { _writing = WriteAsync() };

        async Task WriteAsync()
        {
            foreach (byte[] chunk in bytes.Chunk(97))
            {
                if ((await pipe.Writer.WriteAsync(chunk)).IsCompleted)
                    break;
            }
            await pipe.Writer.CompleteAsync();
        }
    }

    private static Feed FromFile(byte[] bytes, FileOptions options)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path, options: options);
        Feed feed = new(new SeekablePipeReader(handle));
        feed._owned.Add(handle);
        return feed;
    }

    private static Feed ThroughSocket(byte[] bytes)
    {
        TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        TcpClient client = new();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        TcpClient server = listener.AcceptTcpClient();
        Feed feed = new(PipeReader.Create(client.GetStream())) { _writing = WriteAsync() };
        feed._owned.AddRange([client, listener]);
        return feed;

        async Task WriteAsync()
        {
            using (server)
            {
                try
                {
                    await server.GetStream().WriteAsync(bytes);
                }
                catch (IOException)
                {
                    // A reader that has seen enough hangs up.
                }
            }
        }
    }
}
