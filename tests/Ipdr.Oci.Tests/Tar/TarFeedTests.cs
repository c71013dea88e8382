using CsCheck;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarFeedTests
{
    /// <summary>Bytes of a body that are read, more than one hole of the sparse members and not all of it.</summary>
    private const int SomeBytes = 1500;

    private static readonly string[] Magics = [TarBuilder.PosixMagic, TarBuilder.GnuMagic, TarBuilder.NoMagic];

    public static TheoryData<FeedKind> Kinds => Feed.Kinds;

    [Fact]
    public async Task Every_form_of_member_is_read()
    {
        TarReading reading = await TarReading.OfAsync(Zoo.Bytes);

        Assert.Null(reading.Fault);
        Assert.Equal(
            ["plain", "v7", "v7dir/", "gnu", "some/prefix/name", "dir/", "symlink", "hardlink", "device", "fifo", "päx", new string('n', 700),
                "holes", "holes", "holes", "holes", "other", "last"],
            reading.Entries.Select(entry => entry.Name));
        Assert.Equal(Zoo.Bytes.Length, reading.Position);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_result_does_not_depend_on_how_the_bytes_arrive(FeedKind kind)
    {
        await using Feed feed = Feed.Open(kind, Zoo.Bytes);

        Assert.Equal((await TarReading.OfAsync(Zoo.Bytes)).ToString(), (await TarReading.OfAsync(feed.Input)).ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_result_does_not_depend_on_the_size_of_the_callers_buffer(FeedKind kind)
    {
        await using Feed feed = Feed.Open(kind, Zoo.Bytes);

        Assert.Equal((await TarReading.OfAsync(Zoo.Bytes)).ToString(), (await TarReading.OfAsync(feed.Input, bufferSize: 3)).ToString());
    }

    [Theory]
    [InlineData(FeedKind.Whole)]
    [InlineData(FeedKind.OneByteASegment)]
    public async Task An_archive_cut_off_anywhere_gives_a_truncation_or_what_stands_before_the_cut(FeedKind kind)
    {
        List<string> whole = [.. (await TarReading.OfAsync(Zoo.Bytes)).Entries.Select(entry => entry.Name)];
        int step = kind == FeedKind.Whole ? 1 : 127;
        for (int length = 1; length < Zoo.Bytes.Length; length += step)
        {
            await using Feed feed = Feed.Open(kind, Zoo.Bytes[..length]);
            TarReading reading = await TarReading.OfAsync(feed.Input, maxBody: SomeBytes);

            Assert.True(reading.Fault is null ? length % 512 == 0 || reading.End == Ipdr.Oci.Tar.TarEnd.OneEndBlock
                : reading.Fault.Code == FaultCode.Truncated, $"{length}: {reading.Fault}");
            Assert.Equal(whole.Take(reading.Entries.Count), reading.Entries.Select(entry => entry.Name));
        }
    }

    [Fact]
    public async Task An_archive_with_any_byte_flipped_gives_a_fault_or_a_result()
    {
        for (int offset = 0; offset < Zoo.Bytes.Length; offset++)
        {
            byte[] damaged = [.. Zoo.Bytes];
            damaged[offset] ^= 0xff;

            await TarReading.OfAsync(damaged, maxBody: SomeBytes);
        }
    }

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x80)]
    public async Task A_block_with_any_byte_flipped_and_the_checksum_made_right_gives_a_fault_or_a_result(byte mask)
    {
        for (int offset = 0; offset < Zoo.Bytes.Length; offset++)
        {
            byte[] damaged = [.. Zoo.Bytes];
            damaged[offset] ^= mask;
            TarBuilder.Seal(damaged.AsSpan(offset / 512 * 512, 512));

            await TarReading.OfAsync(damaged, maxBody: SomeBytes);
        }
    }

    [Fact]
    public async Task Bytes_without_sense_give_a_fault_or_a_result() => await Gen.Byte.Array[0, 3000]
        .SampleAsync(async bytes => { await TarReading.OfAsync(bytes); });

    [Fact]
    public async Task Headers_of_random_fields_with_right_checksums_give_a_fault_or_a_result() => await Gen
        .Select(Gen.Char["\001234567xgLKSV"], Gen.Byte.Array[512, 512], Gen.Int[0, 511], Gen.Int[0, 511], Gen.Int[0, 2])
        .Array[1, 8].SampleAsync(async headers =>
        {
            TarBuilder archive = new();
            foreach ((char type, byte[] noise, int from, int to, int magic) in headers)
            {
                archive.Header("name", type, size: noise[0], magic: Magics[magic], change: block =>
                {
                    for (int i = Math.Min(from, to); i < Math.Min(Math.Max(from, to), Math.Min(from, to) + 40); i++)
                        block[i] = noise[i];
                });
                archive.Raw(noise);
            }
            await TarReading.OfAsync(archive);
        });
}
