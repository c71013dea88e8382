using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarWriterTests
{
    [Fact]
    public async Task A_plain_member_is_one_ustar_header_and_its_body()
    {
        byte[] archive = await WriteAsync(writer => writer.WriteEntryAsync(
            new TarEntry
            {
                Name = "a/b",
                Mode = 0b110_100_100,
                Uid = 1000,
                Gid = 100,
                UserName = "user",
                GroupName = "group",
                ModificationTime = new TarTime(1_700_000_000)
            }, "hello"u8.ToArray()));

        byte[] expected = new TarBuilder().Header("a/b", size: 5, change: block =>
        {
            TarBuilder.Put(block, 329, "0000000");
            TarBuilder.Put(block, 337, "0000000");
        }).Body("hello").End().ToArray();
        Assert.Equal(expected, archive);
    }

    [Fact]
    public async Task A_name_that_can_be_split_goes_into_prefix_and_name()
    {
        string name = new string('p', 155) + "/" + new string('n', 100);

        byte[] archive = await WriteAsync(writer => writer.WriteEntryAsync(new TarEntry { Name = name }));

        Assert.Equal(512 + 1024, archive.Length);
        Assert.Equal(name, (await TarReading.OfAsync(archive)).Single.Name);
    }

    [Fact]
    public async Task A_name_that_needs_the_prefix_stands_in_a_pax_header_if_there_is_one_anyway()
    {
        string name = new string('p', 100) + "/n";

        byte[] archive = await WriteAsync(writer => writer.WriteEntryAsync(new TarEntry { Name = name, Uid = -1 }));

        Assert.Equal(
            TarBuilder.Record("path", name) + TarBuilder.Record("uid", "-1"), Encoding.Latin1.GetString(archive, 512, 512).TrimEnd('\0'));
    }

    [Fact]
    public async Task What_ustar_cannot_say_goes_into_a_pax_header_whose_records_are_sorted()
    {
        TarEntry entry = new()
        {
            Name = "ä",
            Type = TarEntryType.SymbolicLink,
            LinkName = new string('t', 101),
            Uid = 3_000_000,
            Gid = -1,
            UserName = new string('u', 32),
            GroupName = "ö",
            ModificationTime = new TarTime(1, 500_000_000),
            PaxRecords = new Dictionary<string, ReadOnlyMemory<byte>>
            {
                ["SCHILY.xattr.user.a"] = new byte[] { 10, 0, 255 },
                ["path"] = "another"u8.ToArray(),
                ["atime"] = "5"u8.ToArray(),
            },
        };

        byte[] archive = await WriteAsync(writer => writer.WriteEntryAsync(entry));

        string records = Encoding.Latin1.GetString(archive, 512, 512).TrimEnd('\0');
        Assert.Equal(
            string.Concat(
                TarBuilder.Record("SCHILY.xattr.user.a", "\n\0\u00ff"), TarBuilder.Record("atime", "5"), TarBuilder.Record("gid", "-1"),
                TarBuilder.Record("gname", "\u00c3\u00b6"), TarBuilder.Record("linkpath", entry.LinkName), TarBuilder.Record("mtime", "1.5"),
                TarBuilder.Record("path", "\u00c3\u00a4"), TarBuilder.Record("uid", "3000000"), TarBuilder.Record("uname", entry.UserName)),
            records);
        TarEntry read = (await TarReading.OfAsync(archive)).Single;
        Assert.Equal((entry.Name, entry.LinkName, entry.Uid, entry.Gid), (read.Name, read.LinkName, read.Uid, read.Gid));
        Assert.Equal((entry.UserName, entry.GroupName, entry.ModificationTime), (read.UserName, read.GroupName, read.ModificationTime));
    }

    [Fact]
    public async Task Names_that_are_not_utf8_are_declared_binary()
    {
        byte[] archive = await WriteAsync(writer => writer.WriteEntryAsync(new TarEntry { Name = "\udcff" }));

        Assert.StartsWith("21 hdrcharset=BINARY\n", Encoding.Latin1.GetString(archive, 512, 512), StringComparison.Ordinal);
        Assert.Equal("\udcff", (await TarReading.OfAsync(archive)).Single.Name);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(90)]
    [InlineData(95)]
    [InlineData(96)]
    [InlineData(985)]
    [InlineData(992)]
    [InlineData(9984)]
    public async Task The_length_of_a_record_counts_its_own_digits(int around)
    {
        for (int length = around; length < around + 8; length++)
        {
            TarEntry entry = new()
            {
                Name = "a",
                PaxRecords = new Dictionary<string, ReadOnlyMemory<byte>> { ["k"] = Encoding.ASCII.GetBytes(new string('v', length)) },
            };

            byte[] archive = await WriteAsync(writer => writer.WriteEntryAsync(entry));

            Assert.Equal(length, (await TarReading.OfAsync(archive)).Single.PaxRecords["k"].Length);
        }
    }

    [Fact]
    public async Task A_size_past_octal_goes_into_a_pax_header()
    {
        const long size = 1L << 33;
        CountingStream output = new(keep: 1536);
        await using TarWriter writer = new(output);

        await writer.WriteEntryAsync(
            new TarEntry { Name = "big", Size = size }, new SimulatedStream([], size), TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1536 + size + 1024, output.Count);
        Assert.Equal(writer.Position, output.Count);
        TarReading reading = await TarReading.OfAsync(output.Start);
        Assert.Equal(size, reading.Single.Size);
    }

    [Theory]
    [InlineData(3, "more")]
    [InlineData(10, "7")]
    public async Task A_stream_of_another_size_is_refused(int size, string actual)
    {
        await using TarWriter writer = new(Stream.Null);

        IpdrException e = await Assert.ThrowsAsync<IpdrException>(async () => await writer.WriteEntryAsync(
            new TarEntry { Name = "x", Size = size }, new MemoryStream(new byte[7]), TestContext.Current.CancellationToken));

        Assert.Equal((FaultCode.SizeMismatch, actual), (e.Fault.Code, e.Fault.Actual));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.CompleteAsync(TestContext.Current.CancellationToken));
    }

    public static TheoryData<TarEntry> Unwritable => new TheoryData<TarEntry>(
        new TarEntry { Name = "" },
        new TarEntry { Name = "a\0b" },
        new TarEntry { Name = "\ud800" },
        new TarEntry { Name = "a", LinkName = "\0" },
        new TarEntry { Name = "d/" },
        new TarEntry { Name = "d", Type = TarEntryType.Other },
        new TarEntry { Name = "d", Mode = -1 },
        new TarEntry { Name = "d", Mode = 1 << 21 },
        new TarEntry { Name = "d", DeviceMajor = 1 << 21 },
        new TarEntry { Name = "d", PaxRecords = new Dictionary<string, ReadOnlyMemory<byte>> { [""] = new byte[1] } },
        new TarEntry { Name = "d", PaxRecords = new Dictionary<string, ReadOnlyMemory<byte>> { ["a=b"] = new byte[1] } },
        new TarEntry { Name = "d", PaxRecords = new Dictionary<string, ReadOnlyMemory<byte>> { ["a"] = default } });

    [Theory]
    [MemberData(nameof(Unwritable), DisableDiscoveryEnumeration = true)]
    public async Task What_cannot_be_written_is_refused_before_anything_is(TarEntry entry)
    {
        await using TarWriter writer = new(Stream.Null);

        await Assert.ThrowsAnyAsync<ArgumentException>(
            async () => await writer.WriteEntryAsync(entry, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(0, writer.Position);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1024, writer.Position);
    }

    [Fact]
    public async Task Only_a_regular_file_has_a_body()
    {
        await using TarWriter writer = new(Stream.Null);

        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteEntryAsync(
            new TarEntry { Name = "d", Type = TarEntryType.Directory }, new byte[1], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Disposing_does_not_complete_and_lets_go_of_the_stream_only_if_told_to()
    {
        MemoryStream kept = new(), closed = new();
        await using (TarWriter writer = new(kept, leaveOpen: true))
            await writer.WriteEntryAsync(new TarEntry { Name = "a" }, cancellationToken: TestContext.Current.CancellationToken);
        await using (TarWriter writer = new(closed))
            await writer.CompleteAsync(TestContext.Current.CancellationToken);

        Assert.Equal(512, kept.Length);
        Assert.Throws<ObjectDisposedException>(() => closed.Length);
    }

    private static async Task<byte[]> WriteAsync(Func<TarWriter, ValueTask> write)
    {
        MemoryStream output = new();
        await using TarWriter writer = new(output, leaveOpen: true);
        await write(writer);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return output.ToArray();
    }
}
