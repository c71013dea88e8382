using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarHeaderTests
{
    [Fact]
    public async Task A_ustar_header_gives_all_its_fields()
    {
        TarEntry entry = (await TarReading.OfAsync(new TarBuilder().File("a/b", "hello").End())).Single;

        Assert.Equal(("a/b", TarEntryType.RegularFile, 5L), (entry.Name, entry.Type, entry.Size));
        Assert.Equal((0b110_100_100, 1000L, 100L), (entry.Mode, entry.Uid, entry.Gid));
        Assert.Equal(("user", "group", new TarTime(1_700_000_000)), (entry.UserName, entry.GroupName, entry.ModificationTime));
        Assert.Equal((0L, 512L, ""), (entry.HeaderOffset, entry.BodyOffset, entry.LinkName));
        Assert.Empty(entry.PaxRecords);
    }

    [Theory]
    [InlineData('0', TarEntryType.RegularFile)]
    [InlineData('\0', TarEntryType.RegularFile)]
    [InlineData('7', TarEntryType.RegularFile)]
    [InlineData('1', TarEntryType.HardLink)]
    [InlineData('2', TarEntryType.SymbolicLink)]
    [InlineData('3', TarEntryType.CharacterDevice)]
    [InlineData('4', TarEntryType.BlockDevice)]
    [InlineData('5', TarEntryType.Directory)]
    [InlineData('6', TarEntryType.Fifo)]
    [InlineData('V', TarEntryType.Other)]
    public async Task The_type_byte_tells_what_a_member_is(char flag, TarEntryType type)
    {
        TarEntry entry = (await TarReading.OfAsync(new TarBuilder().Header("x", flag).End())).Single;

        Assert.Equal((type, (byte)flag), (entry.Type, entry.TypeFlag));
    }

    [Theory]
    [InlineData('1')]
    [InlineData('2')]
    [InlineData('3')]
    [InlineData('4')]
    [InlineData('5')]
    [InlineData('6')]
    public async Task Links_directories_and_devices_have_no_body_whatever_their_size_says(char flag)
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder().Header("x", flag, size: 4096, link: "t").File("next", "n").End());

        Assert.Equal(["x", "next"], reading.Entries.Select(entry => entry.Name));
        Assert.Equal(0, reading.Entries[0].Size);
    }

    [Fact]
    public async Task A_member_of_an_unknown_type_has_the_body_that_its_size_says()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder().File("x", "volume", 'V').File("next", "n").End());

        Assert.Equal(["volume", "n"], [reading.BodyText(0), reading.BodyText(1)]);
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('0')]
    public async Task A_regular_member_whose_name_ends_in_a_slash_is_a_directory_and_what_it_stores_is_skipped(char flag)
    {
        TarReading reading = await TarReading.OfAsync(
            new TarBuilder().File("d/", "content", flag, TarBuilder.NoMagic).File("next", "n").End());

        Assert.Equal((TarEntryType.Directory, 0L), (reading.Entries[0].Type, reading.Entries[0].Size));
        Assert.Equal("next", reading.Entries[1].Name);
    }

    [Theory]
    [InlineData(TarBuilder.PosixMagic, "pre/name")]
    [InlineData("ustar\0\0\0", "pre/name")]
    [InlineData(TarBuilder.GnuMagic, "name")]
    [InlineData(TarBuilder.NoMagic, "name")]
    public async Task Only_a_posix_header_has_a_prefix(string magic, string name)
    {
        TarBuilder archive = new TarBuilder().Header("name", magic: magic, change: block => TarBuilder.Put(block, 345, "pre")).End();

        Assert.Equal(name, (await TarReading.OfAsync(archive)).Single.Name);
    }

    [Fact]
    public async Task The_prefix_of_a_star_header_ends_where_its_times_begin()
    {
        string prefix = new('p', 131);
        TarBuilder archive = new TarBuilder().Header("name", change: block =>
        {
            TarBuilder.Put(block, 345, prefix + "14524770000 14524770001 ");
            TarBuilder.Put(block, 508, "tar\0");
        }).End();

        Assert.Equal(prefix + "/name", (await TarReading.OfAsync(archive)).Single.Name);
    }

    [Fact]
    public async Task Fields_may_be_full_to_the_last_byte()
    {
        string name = new('n', 100), prefix = new('p', 155), user = new('u', 32);
        TarBuilder archive = new TarBuilder().Header(name, '2', link: name, change: block =>
        {
            TarBuilder.Put(block, 345, prefix);
            TarBuilder.Put(block, 265, user);
            TarBuilder.Put(block, 100, "00000644");
        }).End();

        TarEntry entry = (await TarReading.OfAsync(archive)).Single;

        Assert.Equal((prefix + "/" + name, name, user, 0b110_100_100), (entry.Name, entry.LinkName, entry.UserName, entry.Mode));
    }

    [Theory]
    [InlineData("00000000005\0", 5)]
    [InlineData("00000000005 ", 5)]
    [InlineData("000000000005", 5)]
    [InlineData("          5 ", 5)]
    [InlineData("      5\0\0\0\0\0", 5)]
    [InlineData("5\0garbage\0\0\0", 5)]
    [InlineData("           \0", 0)]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0", 0)]
    [InlineData("\u0080\0\0\0\0\0\0\0\0\0\0\u0005", 5)]
    public async Task A_size_is_read_in_every_form(string field, long size)
    {
        TarBuilder archive = new TarBuilder().Header("x", change: block => TarBuilder.Put(block, 124, field)).Body("12345"[..(int)size]).End();

        Assert.Equal(size, (await TarReading.OfAsync(archive)).Single.Size);
    }

    [Theory]
    [InlineData("0000000000x\0")]
    [InlineData("00000000009\0")]
    [InlineData("-0000000005\0")]
    [InlineData("12 34      \0")]
    [InlineData("\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")]
    [InlineData("\u0080\0\0\u0001\0\0\0\0\0\0\0\0")]
    public async Task A_size_that_is_malformed_negative_or_past_63_bits_is_refused(string field)
    {
        Fault? fault = (await TarReading.OfAsync(
            new TarBuilder().File("first", "").Header("x", change: block => TarBuilder.Put(block, 124, field)).End())).Fault;

        Assert.Equal((FaultCode.BadHeader, "member \"x\" › byte 636"), (fault?.Code, fault?.Where));
    }

    [Fact]
    public async Task Owners_and_times_before_1970_may_be_negative_in_base_256()
    {
        TarBuilder archive = new TarBuilder().Header("x", magic: TarBuilder.GnuMagic, change: block =>
        {
            block.AsSpan(108, 8).Fill(0xff);
            block.AsSpan(136, 12).Fill(0xff);
            block[147] = 0xfe;
        }).End();

        TarEntry entry = (await TarReading.OfAsync(archive)).Single;

        Assert.Equal((-1L, new TarTime(-2)), (entry.Uid, entry.ModificationTime));
    }

    [Fact]
    public async Task Only_devices_have_device_numbers()
    {
        static void Numbers(byte[] block)
        {
            TarBuilder.Put(block, 329, "0000010");
            TarBuilder.Put(block, 337, "0000003");
        }

        TarReading reading = await TarReading.OfAsync(new TarBuilder().Header("d", '4', change: Numbers).Header("f", change: Numbers).End());

        Assert.Equal([(8L, 3L), (0L, 0L)], reading.Entries.Select(entry => (entry.DeviceMajor, entry.DeviceMinor)));
    }

    [Fact]
    public async Task A_checksum_over_signed_bytes_is_accepted()
    {
        byte[] archive = new TarBuilder().Header("n\u00e4me").End().ToArray();
        TarBuilder.Seal(archive.AsSpan(0, 512), signed: true);

        Assert.Single((await TarReading.OfAsync(archive)).Entries);
    }

    [Fact]
    public async Task A_wrong_checksum_is_named_with_the_byte_where_its_header_begins()
    {
        byte[] archive = new TarBuilder().File("a", "b").File("c", "").End().ToArray();
        archive[1024 + 1] ^= 1;

        TarReading reading = await TarReading.OfAsync(archive);

        Assert.Equal((FaultCode.BadChecksum, "byte 1024"), (reading.Fault?.Code, reading.Fault?.Where));
        Assert.NotNull(reading.Fault?.Expected);
        Assert.NotNull(reading.Fault?.Actual);
    }

    [Fact]
    public async Task A_wrong_checksum_of_a_first_header_with_the_tar_magic_is_a_wrong_checksum()
    {
        byte[] archive = new TarBuilder().Header("a").End().ToArray();
        archive[0] ^= 1;

        Assert.Equal(FaultCode.BadChecksum, (await TarReading.OfAsync(archive)).Fault?.Code);
    }

    [Fact]
    public async Task Names_that_are_not_utf8_stay_distinguishable()
    {
        TarReading reading = await TarReading.OfAsync(
            new TarBuilder().Header("\u00c3\u00a4").Header("\u00e4").Header("\u00e5").Header("\u00ed\u00a0\u0080").End());

        Assert.Equal(["ä", "\udce4", "\udce5", "\udced\udca0\udc80"], reading.Entries.Select(entry => entry.Name));
    }
}
