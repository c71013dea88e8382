using System.IO.Pipelines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarHugeTests
{
    private const long Size = 20L << 30;

    /// <summary>Bytes that reading may leave allocated, however large the member is.</summary>
    private const long LittleMemory = 16 << 20;

    private static byte[] Start { get; } = new TarBuilder().Pax('x', ("size", $"{Size}")).Header("huge").ToArray();

    [Fact]
    public async Task A_member_of_20_GiB_is_read_in_bounded_memory()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TarReader reader = Open();
        await reader.ReadNextAsync(token);
        byte[] buffer = new byte[1 << 20];
        long before = GC.GetAllocatedBytesForCurrentThread(), total = 0;

        for (int n; (n = await reader.ReadBodyAsync(buffer, token)) > 0;)
            total += n;

        Assert.Equal(Size, total);
        Assert.Equal(Size + Start.Length, reader.Position);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LittleMemory);
        Assert.Null(await reader.ReadNextAsync(token));
    }

    [Fact]
    public async Task A_member_of_20_GiB_is_skipped_in_bounded_memory()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TarReader reader = Open();
        await reader.ReadNextAsync(token);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(await reader.ReadNextAsync(token));
        Assert.Equal(Size + Start.Length, reader.Position);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LittleMemory);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(-1, FaultCode.Truncated)]
    public async Task A_member_of_20_GiB_in_a_file_is_skipped_without_being_read_and_missed_if_it_is_not_whole(int difference, FaultCode? code)
    {
        string path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, Start, TestContext.Current.CancellationToken);
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        // A hole: no disk is used.
        file.SetLength(Start.Length + Size + difference);

        TarReading reading = await TarReading.OfAsync(new SeekablePipeReader(file.SafeFileHandle), maxBody: 0);

        Assert.Equal(Size, reading.Single.Size);
        Assert.Equal(code, reading.Fault?.Code);
    }

    private static TarReader Open() =>
        new(PipeReader.Create(new SimulatedStream(Start, Size), new StreamPipeReaderOptions(bufferSize: 1 << 20, minimumReadSize: 1 << 18)));
}
