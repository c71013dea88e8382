using Ipdr.Interop.Tests.Engines;
using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;

namespace Ipdr.Interop.Tests;

/// <summary>A real Docker engine: what it saves converts, and what is converted runs in it again.</summary>
public sealed class DockerTests(DockerEngine engine, ConvertedFixtures fixtures) : IClassFixture<DockerEngine>
{
    private const string Dockerfile = """
        FROM scratch
        COPY busybox /bin/busybox
        RUN ["/bin/busybox", "sh", "-c", "/bin/busybox --install /bin; mkdir /data; echo one > /data/a; ln /data/a /data/b; ln -s a /data/c"]
        RUN rm /data/b; rm -r /data/c; echo TOLD > /data/d; chmod 4711 /data/d
        ENV GREETING=hello
        CMD ["sh", "-c", "echo $GREETING; cat /data/a /data/d; ls -l /data | wc -l"]
        """;

    [Fact]
    public async Task An_image_that_was_built_saved_converted_and_copied_back_runs_as_before()
    {
        using TemporaryFolder folder = new();
        string name = await BuildAsync(folder, "round-trip", Dockerfile.Replace("TOLD", "two", StringComparison.Ordinal));
        string id = await engine.ImageIdAsync(name);
        string output = (await RunAsync(name)).Text;
        Assert.StartsWith("hello\none\ntwo\n", output, StringComparison.Ordinal);

        await SaveAsync(folder["saved.tar"], name);
        ConversionReport report = await IpdrProgram.ConvertInputAsync(folder["saved.tar"], folder["layout"]);
        Assert.Equal(id, Assert.Single(report.Images).ImageId);
        await LayoutCheck.AssertSoundAsync(folder["layout"]);

        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();
        OciLayoutFolder layout = new(folder["layout"]);
        using LayoutView view = new(layout, Assert.Single(layout.Images));
        await engine.CopyInAsync("oci:" + view.Reference, "back/again:1");
        Assert.Equal(id, await engine.ImageIdAsync("back/again:1"));
        Assert.Equal(output, (await RunAsync("back/again:1")).Text);
    }

    [Fact]
    public async Task Every_tag_of_every_image_of_one_save_is_in_the_layout()
    {
        using TemporaryFolder folder = new();
        string first = await BuildAsync(folder, "first", Dockerfile.Replace("TOLD", "first", StringComparison.Ordinal));
        string second = await BuildAsync(folder, "second", Dockerfile.Replace("TOLD", "second", StringComparison.Ordinal));
        (await engine.Client.RunAsync("tag", first, "registry.example.com:5000/team/first:stable")).OrFail();
        await SaveAsync(folder["saved.tar"], first, "registry.example.com:5000/team/first:stable", second);

        ConversionReport report = await IpdrProgram.ConvertInputAsync(folder["saved.tar"], folder["layout"]);
        Assert.Equal(
            new[] { await engine.ImageIdAsync(first), await engine.ImageIdAsync(second) }.Order(),
            report.Images.Select(image => image.ImageId).Order());
        Assert.Equal(3, report.Images.SelectMany(image => image.Names).Distinct().Count());
        Assert.Equal(2, new OciLayoutFolder(folder["layout"]).Images.Count);
        await LayoutCheck.AssertSoundAsync(folder["layout"]);
    }

    [Fact]
    public async Task An_imported_root_file_system_converts()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["root"]);
        await File.WriteAllTextAsync(Path.Combine(folder["root"], "file"), "content", TestContext.Current.CancellationToken);
        (await ExternalProgram.Require("tar").RunAsync("-cf", folder["root.tar"], "-C", folder["root"], ".")).OrFail();
        string id = (await engine.Client.RunAsync("import", folder["root.tar"], "imported:1")).OrFail().Text;
        await SaveAsync(folder["saved.tar"], "imported:1");
        ConversionReport report = await IpdrProgram.ConvertAsync(folder["saved.tar"], folder["layout"]);
        Assert.Equal(id, Assert.Single(report.Images).ImageId);
    }

    [Theory]
    [InlineData("docker2010-one.tar")]
    [InlineData("docker2010-special.tar.gz")]
    [InlineData("docker28-whiteout.tar.xz")]
    [InlineData("composed-nix-stream.tar.gz")]
    [InlineData("composed-hardlink-dup.tar")]
    public async Task Docker_has_the_same_image_and_files_from_the_archive_and_from_the_layout(string fixture)
    {
        OciLayoutFolder layout = await fixtures.LayoutAsync(fixture);
        LayoutNode image = Assert.Single(layout.Images);
        string id = image.ImageId!;
        (await engine.Client.RunAsync("load", "--quiet", "--input", FixtureCatalogue.Named(fixture).Path)).OrFail();
        string ofArchive = await engine.FileSystemAsync(id);
        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();

        using LayoutView view = new(layout, image);
        await engine.CopyInAsync("oci:" + view.Reference, "from/layout:1");
        Assert.Equal(id, await engine.ImageIdAsync("from/layout:1"));
        Assert.Equal(ofArchive, await engine.FileSystemAsync("from/layout:1"));
        (await engine.Client.RunAsync("rmi", "--force", id)).OrFail();
    }

    private async Task<string> BuildAsync(TemporaryFolder folder, string name, string dockerfile)
    {
        ExternalProgram client = engine.Client;
        string? busybox = ExternalProgram.Find("busybox");
        Assert.SkipWhen(busybox is null, "busybox is not installed on this machine");
        string context = folder[$"context-{name}"];
        Directory.CreateDirectory(context);
        File.Copy(busybox!, Path.Combine(context, "busybox"));
        await File.WriteAllTextAsync(Path.Combine(context, "Dockerfile"), dockerfile, TestContext.Current.CancellationToken);
        (await client.RunAsync("build", "--quiet", "--network", "none", "--tag", $"built/{name}:1", context)).OrFail();
        return $"built/{name}:1";
    }

    private async Task<ProgramResult> RunAsync(string name) =>
        (await engine.Client.RunAsync("run", "--rm", "--network", "none", name)).OrFail();

    private async Task SaveAsync(string file, params string[] names) =>
        (await engine.Client.RunAsync(["save", "--output", file, .. names])).OrFail();
}
