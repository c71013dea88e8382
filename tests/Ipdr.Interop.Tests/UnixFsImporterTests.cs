using Ipdr.Interop.Tests.Fixtures;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Trees;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Interop.Tests;

/// <summary>The JavaScript implementations give the same CIDs.</summary>
public sealed class UnixFsImporterTests
{
    private const int Trees = 150;
    private const int Files = 150;

    public static TheoryData<string> Profiles => [.. UnixFsProfile.Known.Select(known => known.Name)];

    [Fact]
    public async Task Random_trees_get_the_same_cid_by_random_rules()
    {
        await using JavaScriptImporter peer = await JavaScriptImporter.StartAsync();
        for (int seed = 0; seed < Trees; seed++)
        {
            Random random = new(seed);
            UnixFsProfile profile = RandomProfile(random);
            using TemporaryFolder folder = new();
            new RandomTree(random, profile.ChunkSize).Write(folder["tree"], depth: 3);
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
    public async Task A_directory_of_100_000_files_gets_the_same_cid()
    {
        await using JavaScriptImporter peer = await JavaScriptImporter.StartAsync();
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["many"]);
        for (int i = 0; i < 100_000; i++)
            await File.WriteAllTextAsync(folder[$"many/{i:d6}.txt"], $"{i % 100}", TestContext.Current.CancellationToken);
        await AssertSameAsync(peer, folder["many"], UnixFsProfile.V1, "100,000 files");
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

    // Small chunks, narrow nodes and low thresholds, so that small trees have all the shapes of large ones.
    private static UnixFsProfile RandomProfile(Random random)
    {
        int version = random.Next(2);
        return new UnixFsProfile
        {
            CidVersion = version,
            RawLeaves = random.Next(2) == 0,
            ChunkSize = random.Next(1, 200),
            MaxFileLinks = random.Next(2, 9),
            HamtThreshold = random.Next(1, 1000),
            HamtEstimate = (HamtEstimate)random.Next(2),
            MaxHamtFanout = 8 << random.Next(8),
            Hash = MultihashCode.Sha256,
        };
    }
}
