using Ipdr.Oci.Conversion;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>The CID that a conversion tells is that of what it wrote.</summary>
public sealed class LayoutCidTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, LayoutKind, LayerCompression, string> Conversions
    {
        get
        {
            TheoryData<string, LayoutKind, LayerCompression, string> all = [];
            foreach (string archive in new[] { "docker2010-multiimage.tar", "docker28c-multiplatform.tar", "composed-oci-nested-index.tar", "composed-oci-sha512-data.tar" })
            {
                foreach (LayoutKind layout in Enum.GetValues<LayoutKind>())
                {
                    foreach (LayerCompression compression in new[] { LayerCompression.Auto, LayerCompression.None, LayerCompression.Zstd })
                        all.Add(archive, layout, compression, UnixFsProfile.Known[all.Count % UnixFsProfile.Known.Count].Name);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Conversions))]
    public async Task What_was_computed_while_the_bytes_passed_is_what_a_second_reading_gives(string archive, LayoutKind layout, LayerCompression compression, string profile)
    {
        ConversionOptions options = new() { Layout = layout, Compression = compression, Profile = UnixFsProfile.Known.Single(known => known.Name == profile).Profile };
        Dag written = await ConvertAsync(archive, options);
        Assert.Equal((await ImportAsync(options.Profile)).Root, written.Root);
        Assert.Equal(written.Root, (await ConvertAsync(archive, options with { DryRun = true })).Root);
    }

    [Fact]
    public async Task Its_blocks_can_be_had_from_where_the_layout_is()
    {
        Dag dag = await ConvertAsync("docker2010-multiimage.tar", new ConversionOptions { Layout = LayoutKind.Universal });
        byte[] buffer = new byte[UnixFsProfile.MaxBlockBytes];
        foreach (DagBlock block in dag.Blocks())
        {
            await block.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(block.Slice is null || File.Exists(block.Slice.Value.Path));
        }
        Assert.Equal((await ImportAsync(UnixFsProfile.V1)).Blocks().Select(block => block.Cid), dag.Blocks().Select(block => block.Cid));
    }

    [Theory]
    [InlineData(LayoutKind.Oci)]
    [InlineData(LayoutKind.Universal)]
    [InlineData(LayoutKind.RegistryV2)]
    public async Task A_layout_that_is_added_to_has_the_cid_of_all_that_is_in_it(LayoutKind layout)
    {
        ConversionOptions options = new() { Layout = layout };
        Dag first = await ConvertAsync("docker2010-one.tar", options);
        Dag both = await ConvertAsync("docker28-dup.tar", options);
        Assert.NotEqual(first.Root, both.Root);
        Assert.Equal((await ImportAsync(UnixFsProfile.V1)).Root, both.Root);
    }

    [Fact]
    public async Task Without_a_profile_there_is_no_cid()
    {
        await using ArchiveInput input = ArchiveInput.OfFile(Fixtures.Archive("docker2010-one.tar"));
        ConversionResult result = await Converter.ConvertAsync(input, Out, new ConversionOptions { Profile = null }, null, TestContext.Current.CancellationToken);
        Assert.Null(result.Dag);
    }

    public void Dispose() => _folder.Dispose();

    private string Out => _folder.File("out");

    private async Task<Dag> ConvertAsync(string archive, ConversionOptions options)
    {
        await using ArchiveInput input = ArchiveInput.OfFile(Fixtures.Archive(archive));
        return (await Converter.ConvertAsync(input, Out, options, null, TestContext.Current.CancellationToken)).Dag!;
    }

    private Task<Dag> ImportAsync(UnixFsProfile profile) =>
        UnixFsImporter.ImportAsync(Out, new ImportOptions { Profile = profile, KeepBlocks = true }, TestContext.Current.CancellationToken);
}
