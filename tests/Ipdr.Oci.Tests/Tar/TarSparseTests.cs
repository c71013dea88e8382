using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarSparseTests
{
    public static TheoryData<string> Forms => ["old GNU", "pax 0.0", "pax 0.1", "pax 1.0"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Every_sparse_form_is_expanded(string form)
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder().Raw(Sample(form)).File("next", "n").End());

        TarEntry entry = reading.Entries[0];
        Assert.Equal((SparseSamples.Name, TarEntryType.RegularFile, true), (entry.Name, entry.Type, entry.IsSparse));
        Assert.Equal(SparseSamples.Size, entry.Size);
        Assert.Equal(SparseSamples.Expanded, reading.Bodies[0]);
        Assert.Equal("n", reading.BodyText(1));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_sparse_member_that_is_skipped_leads_to_the_next(string form)
    {
        TarReading reading = await TarReading.OfAsync(new TarBuilder().Raw(Sample(form)).File("next", "n").End().ToArray(), maxBody: 0);

        Assert.Equal([SparseSamples.Name, "next"], reading.Entries.Select(entry => entry.Name));
        Assert.Equal(TarEnd.EndBlocks, reading.End);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task A_sparse_member_that_breaks_off_is_truncated(string form)
    {
        byte[] member = Sample(form);

        TarReading reading = await TarReading.OfAsync(member[..^400]);

        Assert.Equal(FaultCode.Truncated, reading.Fault?.Code);
        Assert.Null((await TarReading.OfAsync(member)).Fault);
    }

    [Theory]
    [InlineData("10,5,0,5")]
    [InlineData("0,10,5,5")]
    [InlineData("0,10,95,10")]
    [InlineData("0,5")]
    [InlineData("0,11")]
    [InlineData("0")]
    [InlineData("0,-10")]
    [InlineData("0,x")]
    [InlineData("9223372036854775807,10")]
    public async Task A_map_out_of_order_or_out_of_bounds_or_that_does_not_fit_the_stored_size_is_refused(string map) => Assert.Equal(
        FaultCode.BadHeader,
        (await TarReading.OfAsync(new TarBuilder()
            .Pax('x', ("GNU.sparse.size", "100"), ("GNU.sparse.map", map)).File("x", "0123456789").End())).Fault?.Code);

    [Theory]
    [InlineData("1\n0\n10\n", null)]
    [InlineData("2\n0\n10\n", FaultCode.BadHeader)]
    [InlineData("x\n0\n10\n", FaultCode.BadHeader)]
    [InlineData("\n1\n0\n10\n", FaultCode.BadHeader)]
    [InlineData("9223372036854775807\n0\n10\n", FaultCode.BadHeader)]
    [InlineData("9223372036854775808\n0\n10\n", FaultCode.BadHeader)]
    [InlineData("1\n0\n99999999999999999999\n", FaultCode.BadHeader)]
    [InlineData("1 \n0\n10\n", FaultCode.BadHeader)]
    public async Task The_map_in_a_body_is_read_strictly(string map, FaultCode? code) => Assert.Equal(
        code,
        (await TarReading.OfAsync(new TarBuilder()
            .Pax('x', ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "100"))
            .File("x", map.PadRight(512, '\0') + "0123456789").End())).Fault?.Code);

    [Theory]
    [InlineData("2", "0")]
    [InlineData("1", "1")]
    [InlineData("0", "2")]
    public async Task An_unknown_sparse_format_is_refused_by_name(string major, string minor)
    {
        Fault? fault = (await TarReading.OfAsync(
            new TarBuilder().Pax('x', ("GNU.sparse.major", major), ("GNU.sparse.minor", minor)).Header("x").End())).Fault;

        Assert.Equal((FaultCode.Sparse, "member \"x\" › byte 1024"), (fault?.Code, fault?.Where));
        Assert.Contains($"{major}.{minor}", fault?.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarBuilder.PosixMagic)]
    [InlineData(TarBuilder.NoMagic)]
    public async Task A_sparse_type_without_the_gnu_magic_is_refused(string magic) =>
        Assert.Equal(FaultCode.Sparse, (await TarReading.OfAsync(new TarBuilder().Header("x", 'S', magic: magic).End())).Fault?.Code);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_map_may_be_as_large_as_metadata_and_no_larger(int difference)
    {
        byte[] member = SparseSamples.OldGnu();
        int mapBytes = 512 * ((SparseSamples.Pieces + 1 - 4 + 20) / 21);

        Fault? fault = (await TarReading.OfAsync(member, new TarReaderOptions { MaxMetadataBytes = mapBytes + difference })).Fault;

        Assert.Equal(difference == 0 ? null : FaultCode.Limit, fault?.Code);
    }

    [Fact]
    public async Task Holes_past_the_bound_are_refused_when_read_and_not_when_skipped()
    {
        byte[] archive = new TarBuilder()
            .Pax('x', ("GNU.sparse.size", "9223372036854775807"), ("GNU.sparse.map", "9000000000000000000,10")).File("x", "0123456789")
            .File("next", "n").End().ToArray();

        Assert.Equal(FaultCode.Limit, (await TarReading.OfAsync(archive)).Fault?.Code);
        TarReading skipped = await TarReading.OfAsync(archive, maxBody: 0);
        Assert.Equal((long.MaxValue, "next"), (skipped.Entries[0].Size, skipped.Entries[1].Name));
    }

    private static byte[] Sample(string form) => form switch
    {
        "old GNU" => SparseSamples.OldGnu(),
        "pax 0.0" => SparseSamples.Pax00(),
        "pax 0.1" => SparseSamples.Pax01(),
        _ => SparseSamples.Pax10(),
    };
}
