using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Registries;

namespace Ipdr.Interop.Tests;

/// <summary>Images are removed from the registries that people run.</summary>
public sealed class RemoveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ExternalProgram Ipdr => new CopyProgram(_folder).Program;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Of_a_registry_that_deletes_manifests_only_nothing_goes_that_another_tag_needs()
    {
        await using DistributionServer registry = new() { Deletes = true };
        await registry.InitializeAsync();
        string repository = $"docker://{registry.Host}/team/app";
        string digest = await PushAsync(repository, "1", "2");
        ProgramResult refused = await Ipdr.RunAsync("rm", repository + ":1");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("needed by other tags: 2 [registry-failed]", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"ipdr rm {repository}@{digest}", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(["1", "2"], await TagsAsync(repository));

        (await Ipdr.RunAsync("rm", $"{repository}@{digest}")).OrFail();
        Assert.Empty(await TagsAsync(repository));
        Assert.Contains("[not-found]", (await Ipdr.RunAsync("rm", $"{repository}@{digest}")).Errors, StringComparison.Ordinal);
        Assert.Contains("[not-found]", (await Ipdr.RunAsync("rm", $"{repository}:1")).Errors, StringComparison.Ordinal);

        await PushAsync(repository, "3");
        Assert.Equal($"removed {repository}:3, with its manifest {digest}", (await Ipdr.RunAsync("rm", repository + ":3")).OrFail().Text);
        Assert.Empty(await TagsAsync(repository));
    }

    [Fact]
    public async Task Of_a_registry_that_deletes_manifests_only_a_part_of_an_index_stays()
    {
        await using DistributionServer registry = new() { Deletes = true };
        await registry.InitializeAsync();
        string repository = $"docker://{registry.Host}/team/app";
        (await Ipdr.RunAsync("copy", "-a", FixtureCatalogue.Named("docker28c-multiplatform.tar").Path, repository + ":all")).OrFail();
        (await Ipdr.RunAsync("copy", "--platform", "linux/amd64", repository + ":all", repository + ":amd64")).OrFail();
        Assert.Contains("needed by other tags: all [registry-failed]", (await Ipdr.RunAsync("rm", repository + ":amd64")).Errors, StringComparison.Ordinal);
        (await Ipdr.RunAsync("rm", repository + ":all", repository + ":amd64")).OrFail();
        Assert.Empty(await TagsAsync(repository));
    }

    [Fact]
    public async Task A_registry_that_deletes_nothing_is_told()
    {
        await using DistributionServer registry = new();
        await registry.InitializeAsync();
        string repository = $"docker://{registry.Host}/team/app", digest = await PushAsync(repository, "1");
        foreach (string name in (string[])[repository + ":1", $"{repository}@{digest}"])
        {
            ProgramResult refused = await Ipdr.RunAsync("rm", name);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("the registry does not delete manifests: 405", refused.Errors, StringComparison.Ordinal);
            Assert.Contains("REGISTRY_STORAGE_DELETE_ENABLED=true", refused.Errors, StringComparison.Ordinal);
        }
        Assert.Equal(["1"], await TagsAsync(repository));
    }

    [Fact]
    public async Task Of_our_own_registry_a_tag_goes_alone_and_a_manifest_with_its_tags()
    {
        await using IpdrServer server = await IpdrServer.StartAsync(_folder["home"]);
        string repository = $"docker://{server.Host}/team/app", digest = await PushAsync(repository, "1", "2", "3");
        Assert.Equal($"removed {repository}:1", (await Ipdr.RunAsync("rm", repository + ":1")).OrFail().Text);
        Assert.Equal(["2", "3"], await TagsAsync(repository));
        (await Ipdr.RunAsync("inspect", $"{repository}@{digest}")).OrFail();
        (await Ipdr.RunAsync("rm", "-s", $"{repository}@{digest}")).OrFail();
        Assert.Empty(await TagsAsync(repository));
        Assert.Contains("[not-found]", (await Ipdr.RunAsync("rm", repository + ":1")).Errors, StringComparison.Ordinal);
        // Nothing of this concerns the store of whoever asks.
        Assert.False(Directory.Exists(_folder["store"]));
    }

    private async Task<string> PushAsync(string repository, params string[] tags)
    {
        string digest = "";
        foreach (string tag in tags)
            digest = (await new CopyProgram(_folder).CopyAsync(FixtureCatalogue.Named("docker2010-one.tar").Path, $"{repository}:{tag}")).Images[0].Manifest.Digest;
        return digest;
    }

    // Registries list them in any order, and a repository without tags there for some, and for others not.
    private async Task<string[]> TagsAsync(string repository)
    {
        ProgramResult listed = await Ipdr.RunAsync("list", repository);
        if (!listed.Succeeded)
            Assert.Contains("[not-found]", listed.Errors, StringComparison.Ordinal);
        return [.. listed.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => name[(name.LastIndexOf(':') + 1)..]).Order(StringComparer.Ordinal)];
    }
}
