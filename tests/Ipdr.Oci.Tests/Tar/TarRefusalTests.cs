using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarRefusalTests
{
    /// <summary>What a refusal may allocate, in bytes: an exception, its texts, and the reader itself.</summary>
    private const long LittleMemory = 256 << 10;

    [Theory]
    [InlineData("\u001f\u008b\u0008", "gzip")]
    [InlineData("\u0028\u00b5\u002f\u00fd", "zstd")]
    [InlineData("\u0050\u002a\u004d\u0018", "zstd")]
    [InlineData("\u00fd7zXZ\0", "xz")]
    [InlineData("BZh9", "bzip2")]
    [InlineData("PK\u0003\u0004", "zip")]
    [InlineData("\u007fELF", "ELF")]
    [InlineData("{\"a\":1}", "JSON")]
    [InlineData("[1]", "JSON")]
    [InlineData("<!DOCTYPE html>", "HTML")]
    public async Task What_is_no_archive_is_called_by_what_it_seems_to_be(string start, string kind)
    {
        foreach (int length in (int[])[start.Length, 511, 512, 5000])
        {
            Fault? fault = (await TarReading.OfAsync(Encoding.Latin1.GetBytes(start.PadRight(length, '\u0001')))).Fault;

            Assert.Equal((FaultCode.NotAnArchive, "byte 0"), (fault?.Code, fault?.Where));
            Assert.Contains(kind, fault?.What, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_seems_to_be_nothing_known_is_no_archive_either() => Assert.Equal(
        FaultCode.NotAnArchive, (await TarReading.OfAsync(Encoding.ASCII.GetBytes(new string('x', 2000)))).Fault?.Code);

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    [InlineData('K')]
    public async Task Metadata_past_the_bound_is_refused_before_anything_is_allocated_for_it(char type)
    {
        const int size = (1 << 20) + 1;
        byte[] archive = new TarBuilder().Header("m", type, size).Raw(new byte[size]).ToArray();

        TarReading reading = await TarReading.OfAsync(archive[..1024]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fault? fault = (await TarReading.OfAsync(archive)).Fault;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((FaultCode.Limit, "byte 0", "1048577"), (fault?.Code, fault?.Where, fault?.Actual));
        Assert.Equal(fault, reading.Fault);
        Assert.InRange(allocated, 0, LittleMemory);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('L')]
    public async Task Metadata_that_was_promised_and_did_not_come_is_not_allocated(char type)
    {
        byte[] archive = new TarBuilder().Header("m", type, 1 << 20).Raw(new byte[100]).ToArray();

        await TarReading.OfAsync(archive);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Fault? fault = (await TarReading.OfAsync(archive)).Fault;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((FaultCode.Truncated, "1048576 bytes", "100 bytes"), (fault?.Code, fault?.Expected, fault?.Actual));
        Assert.InRange(allocated, 0, LittleMemory);
    }

    [Fact]
    public async Task Metadata_may_be_as_large_as_the_bound()
    {
        string value = new('v', (1 << 20) - "1048576 comment=\n".Length);

        TarEntry entry = (await TarReading.OfAsync(new TarBuilder().Pax('x', ("comment", value)).Header("a").End())).Single;

        Assert.Equal(value.Length, entry.PaxRecords["comment"].Length);
    }

    [Fact]
    public async Task A_member_of_absurd_size_is_neither_allocated_nor_awaited()
    {
        byte[] archive = new TarBuilder().Header("m", change: block =>
        {
            block.AsSpan(124, 12).Fill(0xff);
            block[124] = 0x80;
            block.AsSpan(125, 3).Clear();
            block[128] = 0x7f;
        }).Raw(new byte[2000]).ToArray();

        foreach (FeedKind kind in Enum.GetValues<FeedKind>())
        {
            await using Feed read = Feed.Open(kind, archive), skipped = Feed.Open(kind, archive);
            TarReading reading = await TarReading.OfAsync(read.Input);

            Assert.Equal(long.MaxValue, reading.Single.Size);
            Assert.Equal((FaultCode.Truncated, "2000 bytes"), (reading.Fault?.Code, reading.Fault?.Actual));
            Assert.Equal(reading.Fault, (await TarReading.OfAsync(skipped.Input, maxBody: 0)).Fault);
        }
    }

    [Fact]
    public async Task Too_many_records_are_refused()
    {
        TarReaderOptions options = new() { MaxPaxRecords = 2 };
        TarBuilder three = new TarBuilder().Pax('x', ("a", "1"), ("b", "2"), ("c", "3")).Header("x").End();
        TarBuilder globals = new TarBuilder().Pax('g', ("a", "1"), ("b", "2")).Pax('g', ("b", "3")).Header("x").Pax('g', ("c", "3")).End();

        Assert.Equal(FaultCode.Limit, (await TarReading.OfAsync(three, options)).Fault?.Code);
        TarReading reading = await TarReading.OfAsync(globals, options);
        Assert.Single(reading.Entries);
        Assert.Equal(FaultCode.Limit, reading.Fault?.Code);
    }

    [Fact]
    public async Task Global_records_are_bounded_together()
    {
        TarBuilder archive = new();
        for (int i = 0; i < 3; i++)
            archive.Pax('g', ($"key{i}", new string('v', 400_000)));

        TarReading reading = await TarReading.OfAsync(archive.Header("x").End());

        Assert.Equal((FaultCode.Limit, 0), (reading.Fault?.Code, reading.Entries.Count));
    }

    [Fact]
    public async Task Any_number_of_metadata_headers_may_stand_before_a_member()
    {
        TarBuilder archive = new();
        for (int i = 0; i < 200; i++)
            archive.Pax('x', ("comment", new string('v', 10_000))).GnuLong('L', "name");

        TarEntry entry = (await TarReading.OfAsync(archive.File("x", "").End())).Single;

        Assert.Equal(("name", 1), (entry.Name, entry.PaxRecords.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Bounds_are_positive(int value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TarReaderOptions { MaxMetadataBytes = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TarReaderOptions { MaxPaxRecords = value });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TarReaderOptions { MaxHoleBytes = -1 });
    }

    [Fact]
    public async Task Member_names_in_messages_are_cut_and_without_control_characters()
    {
        string name = "\u001b[31m\u00ff\u00e2\u0080\u00ae" + new string('n', 2000);
        Fault? fault = (await TarReading.OfAsync(new TarBuilder().Pax('x', ("path", name)).Header("x", size: 9))).Fault;

        Assert.StartsWith("member \"\\u001b[31m\\udcff\\u202ennn", fault?.Where, StringComparison.Ordinal);
        Assert.InRange(fault!.Where.Length, 100, 250);
    }
}
