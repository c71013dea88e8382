using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarPaxTests
{
    [Fact]
    public async Task Pax_records_win_over_the_header()
    {
        TarBuilder archive = new TarBuilder()
            .Pax('x', ("path", "long"), ("linkpath", "target"), ("uid", "3000000000"), ("gid", "-2"), ("uname", "u"), ("gname", "g"),
                ("mtime", "-1.25"))
            .Header("short", '2', link: "t").End();

        TarEntry entry = (await TarReading.OfAsync(archive)).Single;

        Assert.Equal(("long", "target", 3_000_000_000L, -2L), (entry.Name, entry.LinkName, entry.Uid, entry.Gid));
        Assert.Equal(("u", "g", new TarTime(-2, 750_000_000)), (entry.UserName, entry.GroupName, entry.ModificationTime));
        Assert.Equal(1024, entry.HeaderOffset);
    }

    [Fact]
    public async Task A_pax_size_wins_over_the_header_and_tells_where_the_next_member_is()
    {
        TarReading reading = await TarReading.OfAsync(
            new TarBuilder().Pax('x', ("size", "5")).Header("x", size: 0).Body("hello").File("next", "n").End());

        Assert.Equal(["hello", "n"], [reading.BodyText(0), reading.BodyText(1)]);
    }

    [Fact]
    public async Task A_local_record_wins_over_a_global_one_which_wins_over_the_header()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder()
            .Pax('g', ("uname", "global"), ("gname", "global"))
            .Pax('x', ("uname", "local")).Header("a")
            .Header("b").End());

        Assert.Equal([("local", "global"), ("global", "global")], reading.Entries.Select(entry => (entry.UserName, entry.GroupName)));
    }

    [Fact]
    public async Task A_global_record_that_comes_after_a_local_header_is_in_force_too()
    {
        TarEntry entry = (await TarReading.OfAsync(
            new TarBuilder().Pax('x', ("uname", "local")).Pax('g', ("uname", "global"), ("gname", "global")).Header("a").End())).Single;

        Assert.Equal(("local", "global"), (entry.UserName, entry.GroupName));
    }

    [Fact]
    public async Task Global_records_stay_until_they_are_replaced_one_by_one()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder()
            .Pax('g', ("uname", "one"), ("gname", "one")).Header("a")
            .Pax('g', ("uname", "two")).Header("b")
            .Pax('g', ("gname", "")).Header("c").End());

        Assert.Equal([("one", "one"), ("two", "one"), ("two", "group")], reading.Entries.Select(entry => (entry.UserName, entry.GroupName)));
    }

    [Fact]
    public async Task An_empty_value_deletes_what_a_global_record_says()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder()
            .Pax('g', ("uname", "global"), ("comment", "c")).Pax('x', ("uname", ""), ("path", "")).Header("a").Header("b").End());

        Assert.Equal([("a", "user"), ("b", "global")], reading.Entries.Select(entry => (entry.Name, entry.UserName)));
        Assert.Equal("comment", Assert.Single(reading.Entries[0].PaxRecords).Key);
    }

    [Fact]
    public async Task Of_several_headers_in_a_row_the_last_wins_and_none_reaches_the_member_after()
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder()
            .Pax('x', ("path", "first"), ("uname", "first")).Pax('x', ("path", "second")).Header("a").Header("b").End());

        Assert.Equal([("second", "user"), ("b", "user")], reading.Entries.Select(entry => (entry.Name, entry.UserName)));
    }

    [Fact]
    public async Task Of_two_records_with_one_keyword_the_last_wins() => Assert.Equal(
        "second", (await TarReading.OfAsync(new TarBuilder().Pax('x', ("path", "first"), ("path", "second")).Header("a").End())).Single.Name);

    [Fact]
    public async Task Values_may_contain_line_feeds_nuls_equals_signs_and_any_other_byte()
    {
        const string value = "a\nb\0=c\u00ff 12 path=x\n";
        TarEntry entry = (await TarReading.OfAsync(
            new TarBuilder().Pax('x', ("SCHILY.xattr.security.capability", value), ("comment", "no attribute")).Header("a").End())).Single;

        (string name, ReadOnlyMemory<byte> bytes) = Assert.Single(entry.ExtendedAttributes);
        Assert.Equal(("security.capability", value), (name, Encoding.Latin1.GetString(bytes.Span)));
        Assert.Equal(2, entry.PaxRecords.Count);
    }

    [Fact]
    public async Task A_pax_name_that_is_not_utf8_is_kept_byte_by_byte() => Assert.Equal(
        "\udcff", (await TarReading.OfAsync(new TarBuilder().Pax('x', ("path", "\u00ff")).Header("a").End())).Single.Name);

    [Theory]
    [InlineData("path")]
    [InlineData("linkpath")]
    [InlineData("uname")]
    [InlineData("gname")]
    public async Task A_NUL_in_a_name_is_refused(string keyword)
    {
        Fault? fault = (await TarReading.OfAsync(new TarBuilder().Pax('x', ("comment", "c"), (keyword, "a\0b")).Header("a").End())).Fault;

        Assert.Equal((FaultCode.BadHeader, "byte 525"), (fault?.Code, fault?.Where));
    }

    [Theory]
    [InlineData("path=a\n")]
    [InlineData(" path=a\n")]
    [InlineData("x path=a\n")]
    [InlineData("-8 path=a\n")]
    [InlineData("+9 path=a\n")]
    [InlineData("7 path=a\n")]
    [InlineData("11 path=a\n")]
    [InlineData("99 path=a\n")]
    [InlineData("99999999999999999999 path=a\n")]
    [InlineData("9 path=ab")]
    [InlineData("7 path\n")]
    [InlineData("5 =a\n")]
    [InlineData("10 p\0th=a\n")]
    [InlineData("0 \n")]
    [InlineData("2 \n")]
    [InlineData("9 path=a\n\0\0")]
    public async Task A_malformed_record_is_refused(string record) => Assert.Equal(
        FaultCode.BadHeader, (await TarReading.OfAsync(new TarBuilder().PaxRaw('x', record).Header("a").End())).Fault?.Code);

    [Theory]
    [InlineData("size", "-1")]
    [InlineData("size", "+1")]
    [InlineData("size", "0x10")]
    [InlineData("size", "9223372036854775808")]
    [InlineData("uid", "a")]
    [InlineData("gid", "1.5")]
    [InlineData("mtime", "1,5")]
    [InlineData("mtime", ".5")]
    [InlineData("mtime", "1.-5")]
    public async Task A_number_that_is_none_is_refused(string keyword, string value) => Assert.Equal(
        FaultCode.BadHeader, (await TarReading.OfAsync(new TarBuilder().Pax('x', (keyword, value)).Header("a").End())).Fault?.Code);

    [Theory]
    [InlineData("1700000000", 1_700_000_000, 0)]
    [InlineData("1.", 1, 0)]
    [InlineData("1.000000001", 1, 1)]
    [InlineData("1.0000000019", 1, 1)]
    [InlineData("-0.5", -1, 500_000_000)]
    [InlineData("-7", -7, 0)]
    public async Task Times_are_read_to_the_nanosecond(string text, long seconds, int nanoseconds) => Assert.Equal(
        new TarTime(seconds, nanoseconds),
        (await TarReading.OfAsync(new TarBuilder().Pax('x', ("mtime", text)).Header("a").End())).Single.ModificationTime);

    [Fact]
    public async Task A_header_that_no_member_follows_is_refused()
    {
        Assert.Equal(FaultCode.BadHeader, (await TarReading.OfAsync(new TarBuilder().Pax('x', ("path", "a")).End())).Fault?.Code);
        Assert.Equal(FaultCode.Truncated, (await TarReading.OfAsync(new TarBuilder().Pax('x', ("path", "a")))).Fault?.Code);
        Assert.Null((await TarReading.OfAsync(new TarBuilder().Pax('g', ("comment", "a")).End())).Fault);
    }
}
