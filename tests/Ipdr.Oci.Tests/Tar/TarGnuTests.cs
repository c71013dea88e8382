using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarGnuTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("directory/", 30)) + "file";

    [Fact]
    public async Task Long_names_and_link_targets_replace_those_of_the_header()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder()
            .GnuLong('L', Long).GnuLong('K', Long + "2").Header("cut", '2', link: "cut", magic: TarBuilder.GnuMagic)
            .Header("next", '2', link: "there").End());

        Assert.Equal([(Long, Long + "2"), ("next", "there")], reading.Entries.Select(entry => (entry.Name, entry.LinkName)));
    }

    [Fact]
    public async Task A_long_name_ends_at_its_first_NUL() => Assert.Equal(
        "abc", (await TarReading.OfAsync(new TarBuilder().GnuLong('L', "abc\0def").Header("x").End())).Single.Name);

    [Fact]
    public async Task Of_several_long_names_in_a_row_the_last_wins() => Assert.Equal(
        "second", (await TarReading.OfAsync(new TarBuilder().GnuLong('L', "first").GnuLong('L', "second").Header("x").End())).Single.Name);

    [Fact]
    public async Task A_long_name_stands_between_a_local_and_a_global_pax_name()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder()
            .Pax('g', ("path", "global"))
            .GnuLong('L', "long").Pax('x', ("path", "local")).Header("header")
            .GnuLong('L', "long").Header("header").End());

        Assert.Equal(["local", "long"], reading.Entries.Select(entry => entry.Name));
    }

    [Fact]
    public async Task Base_256_sizes_are_read_past_what_octal_can_say()
    {
        TarBuilder archive = new TarBuilder().Header("x", magic: TarBuilder.GnuMagic, change: block =>
        {
            block.AsSpan(124, 12).Clear();
            block[124] = 0x80;
            block[131] = 2;
        });
        TarReading reading = await TarReading.OfAsync(archive);

        Assert.Equal(1L << 33, reading.Single.Size);
        Assert.Equal((FaultCode.Truncated, "8589934592 bytes", "0 bytes"), (reading.Fault?.Code, reading.Fault?.Expected, reading.Fault?.Actual));
    }
}
