using System.Text.Json;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>Every archive of tests/fixtures gives what fixtures.json says, from a file and from a pipe, to the byte.</summary>
public sealed class FixtureConversionTests
{
    public static TheoryData<string> Names => FixtureCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_archive_gives_what_its_description_says(string name)
    {
        JsonElement fixture = FixtureCases.Named(name);
        using TemporaryFolder folder = new();
        (ConversionResult? result, IpdrException? failure) = await ConvertAsync(name, folder.File("out"), new ConversionOptions());
        string verdict = FixtureCases.Text(fixture, "verdict");
        if (verdict == "accept")
            Assert.Null(failure);
        if (verdict == "reject")
            Assert.Contains(FixtureCases.Text(fixture, "reason_code"), failure!.Faults.Select(fault => fault.CodeText));
        Assert.Equal(failure is null, Directory.Exists(folder.File("out")));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(folder.Path), entry => Path.GetFileName(entry) != "out");
        if (result is not null && FixtureCases.ImageIds(fixture) is { Count: > 0 } expected)
            Assert.Equal(expected.Order(), result.Images.Select(image => image.ImageId.ToString()).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_pipe_and_a_file_give_the_same_bytes(string name)
    {
        using TemporaryFolder folder = new();
        foreach (LayerCompression compression in new[] { LayerCompression.Auto, LayerCompression.Zstd, LayerCompression.None })
        {
            ConversionOptions options = new() { Compression = compression };
            string file = folder.File($"file-{compression}"), pipe = folder.File($"pipe-{compression}");
            (_, IpdrException? fromFile) = await ConvertAsync(name, file, options);
            (_, IpdrException? fromPipe) = await ConvertPipeAsync(name, pipe, options with { DegreeOfParallelism = 1 });
            Assert.Equal(fromFile?.Faults.Select(fault => fault.Code), fromPipe?.Faults.Select(fault => fault.Code));
            if (fromFile is null)
                Assert.Equal(TemporaryFolder.Listing(file), TemporaryFolder.Listing(pipe));
        }
    }

    [Theory]
    [InlineData("docker2010-multiimage.tar")]
    [InlineData("docker28c-multiplatform.tar")]
    [InlineData("composed-oci-nested-index.tar")]
    [InlineData("composed-oci-sha512-data.tar")]
    public async Task A_dry_run_tells_the_digests_and_writes_nothing(string name)
    {
        using TemporaryFolder folder = new();
        foreach (LayerCompression compression in Enum.GetValues<LayerCompression>())
        {
            ConversionOptions options = new() { Compression = compression };
            (ConversionResult? real, _) = await ConvertAsync(name, folder.File($"out-{compression}"), options);
            (ConversionResult? dry, _) = await ConvertPipeAsync(name, folder.File("dry"), options with { DryRun = true });
            Assert.Equal(real!.Images.Select(image => image.Manifest), dry!.Images.Select(image => image.Manifest));
            Assert.False(Path.Exists(folder.File("dry")));
        }
    }

    [Fact]
    public async Task A_broken_archive_is_diagnosed_whole()
    {
        using TemporaryFolder folder = new();
        (_, IpdrException? failure) = await ConvertAsync("real-broken-docker28c-missing-content.tar", folder.File("out"), new ConversionOptions());
        Assert.True(failure!.Faults.Count > 1);
        Assert.All(failure.Faults, fault => Assert.Contains("missing", fault.CodeText, StringComparison.Ordinal));
    }

    private static async Task<(ConversionResult?, IpdrException?)> ConvertAsync(string name, string output, ConversionOptions options)
    {
        await using ArchiveInput input = ArchiveInput.OfFile(Fixtures.Archive(name));
        return await ConvertAsync(input, output, options);
    }

    private static async Task<(ConversionResult?, IpdrException?)> ConvertPipeAsync(string name, string output, ConversionOptions options)
    {
        await using FileStream file = File.OpenRead(Fixtures.Archive(name));
        System.IO.Pipelines.Pipe pipe = new();
        Task copying = file.CopyToAsync(pipe.Writer.AsStream(leaveOpen: true), TestContext.Current.CancellationToken).ContinueWith(_ => pipe.Writer.Complete(), TaskScheduler.Default);
        await using ArchiveInput input = ArchiveInput.OfStream(pipe.Reader.AsStream(), name);
        (ConversionResult?, IpdrException?) outcome = await ConvertAsync(input, output, options);
        await pipe.Reader.CompleteAsync();
        await copying;
        return outcome;
    }

    private static async Task<(ConversionResult?, IpdrException?)> ConvertAsync(ArchiveInput input, string output, ConversionOptions options)
    {
        try
        {
            return (await Converter.ConvertAsync(input, output, options, null, TestContext.Current.CancellationToken), null);
        }
        catch (IpdrException e)
        {
            return (null, e);
        }
    }
}
