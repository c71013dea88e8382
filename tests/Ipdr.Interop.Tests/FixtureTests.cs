using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>The program as a whole against what other tools say of the same archives.</summary>
public sealed class FixtureTests(ConvertedFixtures fixtures)
{
    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task Every_blob_of_the_layout_is_what_its_name_says(string fixture)
    {
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        await LayoutCheck.AssertSoundAsync(layout.Path, FixtureCatalogue.Named(fixture).AbsentDigests);
        Assert.Empty(LayoutCheck.StrayNames(layout.Path));
    }

    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task The_images_keep_their_ids(string fixture)
    {
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        Assert.Equal(FixtureCatalogue.Named(fixture).ImageIds.Order(), layout.ImageIds.Order());
    }

    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task The_report_tells_what_the_layout_has(string fixture)
    {
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        ConversionReport report = await fixtures.ReportAsync(fixture);
        foreach (ConvertedImage reported in report.Images)
        {
            LayoutNode node = Assert.Single(layout.Roots.SelectMany(root => root.Documents).DistinctBy(found => found.Digest),
                found => found.Digest == reported.Manifest.Digest);
            Assert.Equal((node.MediaType, node.Size), (reported.Manifest.MediaType, reported.Manifest.Size));
            Assert.Equal(node.Config?.Digest, reported.Config.Digest);
            Assert.Equal(node.Layers.Select(layer => (layer.MediaType, layer.Digest, layer.Size)),
                reported.Layers.Select(layer => (layer.MediaType, layer.Digest, layer.Size)));
        }
        Assert.Superset(layout.Images.Select(image => image.Digest).ToHashSet(), report.Images.Select(image => image.Manifest.Digest).ToHashSet());
    }

    [Theory]
    [MemberData(nameof(FixturesWithCompressedLayers))]
    public async Task Layers_that_came_compressed_stay_as_they_are(string fixture)
    {
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        Assert.Superset(FixtureCatalogue.Named(fixture).CompressedLayers.ToHashSet(), layout.Blobs.Select(blob => blob.Digest).ToHashSet());
    }

    [Theory]
    [ClassData(typeof(GoodFixtures))]
    public async Task A_pipe_gives_the_same_layout_as_the_file(string fixture)
    {
        OciLayoutFolder fromFile = await fixtures.LayoutAsync(fixture);
        using TemporaryFolder folder = new();
        await IpdrProgram.ConvertInputAsync(FixtureCatalogue.Named(fixture).Path, folder["layout"]);
        Assert.Equal(FilesOf(fromFile.Path), FilesOf(folder["layout"]));
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(fromFile.Path, "index.json"), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(Path.Combine(folder["layout"], "index.json"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(BrokenFixtures))]
    public async Task A_broken_archive_is_refused_and_leaves_nothing_behind(string fixture)
    {
        using TemporaryFolder folder = new();
        ProgramResult result = await IpdrProgram.TryConvertAsync(FixtureCatalogue.Named(fixture).Path, folder["layout"]);
        Assert.Equal(1, result.ExitCode);
        Assert.NotEmpty(result.Errors);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    public static TheoryData<string> BrokenFixtures() =>
        [.. FixtureCatalogue.All.Where(fixture => fixture.Verdict == "reject").Select(fixture => fixture.Name)];

    public static TheoryData<string> FixturesWithCompressedLayers() =>
        [.. FixtureCatalogue.Good.Where(fixture => fixture.CompressedLayers.Count > 0).Select(fixture => fixture.Name)];

    private static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal);
}
