using System.Text.Json;
using Ipdr.Interop.Tests.Archives;
using Ipdr.Interop.Tests.Layouts;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Many images at once, out of one registry, over a carried folder, into another: names, tags and digests stay.</summary>
public sealed class MirrorTests(DistributionServer registry) : IClassFixture<DistributionServer>, IDisposable
{
    private static readonly string[] Names = ["team/app:1.0", "team/app:1.1", "team/app:2.0", "other/thing:latest"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tags_of_several_repositories_are_carried_into_another_registry()
    {
        ExternalProgram skopeo = ExternalProgram.Require("skopeo");
        CopyProgram copy = new(_folder);
        Dictionary<string, string> digests = [];
        foreach ((int seed, string name) in Names.Index())
        {
            // Of two layers each shares one with the next.
            GeneratedArchive archive = await GeneratedArchive.WriteAsync(_folder[$"{seed}.tar"], name, layers: 2, bytesPerLayer: 300_000, seed);
            digests[name] = (await copy.CopyAsync(archive.Path, $"docker://{registry.Host}/{name}")).Images[0].Manifest.Digest;
        }

        CopyReport carried = await copy.CopyAsync($"docker://{registry.Host}/team/app:1.*", $"docker://{registry.Host}/other/thing", $"oci:{_folder["carried"]}");
        Assert.Equal(3, carried.Images.Count);
        await LayoutCheck.AssertSoundAsync(_folder["carried"]);

        await using IpdrServer lab = await IpdrServer.StartAsync(_folder["lab"]);
        CopyReport first = await copy.CopyAsync($"oci:{_folder["carried"]}", $"docker://{lab.Host}/*");
        CopyReport second = await copy.CopyAsync($"oci:{_folder["carried"]}", $"docker://{lab.Host}/*");
        Assert.Equal(carried.CopiedBytes, first.CopiedBytes);
        Assert.Equal(0, second.CopiedBytes);
        CopyReport below = await copy.CopyAsync($"docker://{registry.Host}/team/app:1.*", $"docker://{registry.Host}/mirror/*");
        Assert.Equal([$"{registry.Host}/mirror/team/app:1.0", $"{registry.Host}/mirror/team/app:1.1"], below.Images.Select(image => image.Reference).Order(StringComparer.Ordinal));
        // In one registry what a repository has is mounted in the other.
        Assert.Equal(0, below.CopiedBytes);

        // All that the lab has, as it lists it itself.
        Assert.Equal(3, (await copy.CopyAsync($"docker://{lab.Host}/*", $"docker://{registry.Host}/whole/*")).Images.Count);
        Assert.Equal(
            ["whole/other/thing:latest", "whole/team/app:1.0", "whole/team/app:1.1"],
            (await copy.Program.RunAsync("list", $"docker://{registry.Host}/whole/*")).OrFail().Text.Split('\n').Select(name => name[(registry.Host.Length + 1)..]).Order(StringComparer.Ordinal));

        foreach (string place in (string[])[$"{lab.Host}/team/app:1.0", $"{lab.Host}/team/app:1.1", $"{lab.Host}/other/thing:latest", $"{registry.Host}/mirror/team/app:1.0"])
        {
            string name = place[(place.IndexOf('/', StringComparison.Ordinal) + 1)..].Replace("mirror/", "", StringComparison.Ordinal);
            using JsonDocument seen = JsonDocument.Parse((await skopeo.RunAsync("inspect", "--tls-verify=false", $"docker://{place}")).OrFail().Text);
            Assert.Equal(digests[name], seen.RootElement.GetProperty("Digest").GetString());
        }
        using JsonDocument tags = JsonDocument.Parse((await skopeo.RunAsync("list-tags", "--tls-verify=false", $"docker://{lab.Host}/team/app")).OrFail().Text);
        Assert.Equal(["1.0", "1.1"], tags.RootElement.GetProperty("Tags").EnumerateArray().Select(tag => tag.GetString()).Order(StringComparer.Ordinal));
    }
}
