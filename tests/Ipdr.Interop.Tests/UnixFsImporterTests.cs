using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Trees;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Interop.Tests;

/// <summary>The JavaScript implementations give the same CIDs.</summary>
public sealed class UnixFsImporterTests
{
    private const int Trees = 100;
    private const int Files = 200;

    public static TheoryData<string> Profiles => [.. UnixFsProfile.Known.Select(known => known.Name)];

    [Fact]
    public async Task Random_trees_get_the_same_cid_by_random_rules()
    {
        await using JavaScriptImporter peer = await JavaScriptImporter.StartAsync();
        for (int seed = 0; seed < Trees; seed++)
        {
            Random random = new(seed);
            UnixFsProfile profile = RandomProfile(random) with { HamtThreshold = UnixFsProfile.MaxHamtThreshold };
            using TemporaryFolder folder = new();
            new RandomTree(random, profile.ChunkSize).Write(folder["tree"], depth: 3);
            await AssertSameAsync(peer, folder["tree"], profile, $"seed {seed}");
        }
    }

    // The peer decides about shards before it knows the CIDs of directories within: so here there is but one, in one that stays below the threshold.
    [Fact]
    public async Task Random_sharded_directories_get_the_same_cid_by_random_rules()
    {
        await using JavaScriptImporter peer = await JavaScriptImporter.StartAsync();
        for (int seed = 0; seed < Trees; seed++)
        {
            Random random = new(seed);
            UnixFsProfile profile = RandomProfile(random) with { HamtThreshold = random.Next(200, 3000) };
            using TemporaryFolder folder = new();
            Directory.CreateDirectory(folder["tree"]);
            new RandomTree(random, unit: 1).Write(folder["tree/inner"], depth: 0, mostEntries: 200);
            await AssertSameAsync(peer, folder["tree"], profile, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Random_files_get_the_same_cid_by_random_rules()
    {
        await using JavaScriptImporter peer = await JavaScriptImporter.StartAsync();
        using TemporaryFolder folder = new();
        for (int seed = 0; seed < Files; seed++)
        {
            Random random = new(-seed);
            UnixFsProfile profile = RandomProfile(random);
            await File.WriteAllBytesAsync(folder["file"], new RandomTree(random, profile.ChunkSize).Content(), TestContext.Current.CancellationToken);
            await AssertSameAsync(peer, folder["file"], profile, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task Named_profiles_give_the_same_cid(string name)
    {
        await using JavaScriptImporter peer = await JavaScriptImporter.StartAsync();
        UnixFsProfile profile = UnixFsProfile.Known.Single(known => known.Name == name).Profile;
        using TemporaryFolder folder = new();
        new RandomTree(new Random(1), unit: 100_000).Write(folder["tree"], depth: 2);
        Directory.CreateDirectory(folder["tree/many"]);
        for (int i = 0; i < 6000; i++)
            await File.WriteAllTextAsync(folder[$"tree/many/file-{i:d5}"], $"{i}", TestContext.Current.CancellationToken);
        await AssertSameAsync(peer, folder["tree"], profile, name);
    }

    [Fact]
    public async Task Ipfs_car_packs_the_same_root()
    {
        string packages = await NodePackages.RequireAsync();
        ExternalProgram node = ExternalProgram.Require("node");
        using TemporaryFolder folder = new();
        new RandomTree(new Random(2), unit: 150_000).Write(folder["tree"], depth: 2);
        foreach (string link in Directory.EnumerateFileSystemEntries(folder["tree"], "*", SearchOption.AllDirectories).Where(path => new FileInfo(path).LinkTarget is not null))
            File.Delete(link);                                                                // ipfs-car follows them
        ProgramResult packed = (await node.RunAsync(Path.Combine(packages, "node_modules", "ipfs-car", "bin.js"), "pack", folder["tree"], "--no-wrap", "--hidden", "--output", folder["tree.car"])).OrFail();
        ProgramResult ours = (await IpdrProgram.Program.RunAsync("cid", folder["tree"], "--silent")).OrFail();
        Assert.Equal(packed.Text, ours.Text);
    }

    [Fact]
    public async Task What_convert_prints_is_the_cid_of_what_it_wrote()
    {
        await using JavaScriptImporter peer = await JavaScriptImporter.StartAsync();
        using TemporaryFolder folder = new();
        ConversionReport report = await IpdrProgram.ConvertAsync(FixtureCatalogue.Named("docker2010-multiimage.tar").Path, folder["layout"], "--layout", "universal");
        (string cid, _) = await peer.ImportAsync(folder["layout"], UnixFsProfile.V1);
        Assert.Equal(cid, report.Cid);
    }

    private static async Task AssertSameAsync(JavaScriptImporter peer, string path, UnixFsProfile profile, string what)
    {
        (string cid, long size) = await peer.ImportAsync(path, profile);
        Dag dag = await UnixFsImporter.ImportAsync(path, new ImportOptions { Profile = profile }, TestContext.Current.CancellationToken);
        Assert.True(cid == dag.Root.ToString() && size == dag.CumulativeSize, $"{what}: {dag.Root} of {dag.CumulativeSize} bytes, but by ipfs-unixfs-importer {cid} of {size}; {profile}");
    }

    // Small chunks and narrow nodes, so that small trees have all the shapes of large ones.
    private static UnixFsProfile RandomProfile(Random random)
    {
        int version = random.Next(2);
        return new UnixFsProfile
        {
            CidVersion = version,
            RawLeaves = random.Next(2) == 0,
            ChunkSize = random.Next(1, 200),
            MaxFileLinks = random.Next(2, 9),
            HamtEstimate = (HamtEstimate)random.Next(2),
            MaxHamtFanout = 8 << random.Next(8),
            Hash = MultihashCode.Sha256,
        };
    }
}
