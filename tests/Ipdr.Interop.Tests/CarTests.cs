using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Ipdr.Interop.Tests.Programs;
using Ipdr.Interop.Tests.Trees;
using Ipdr.Oci.Car;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Interop.Tests;

/// <summary>CARs travel between ipdr and the JavaScript implementations, and the files come out as they went in.</summary>
public sealed class CarTests
{
    private const int Trees = 20;

    /// <summary>Enough names of this length to be sharded by every profile.</summary>
    private const int ShardedEntries = 2200;
    private const int NameLength = 120;

    public static TheoryData<string> Profiles => [.. UnixFsProfile.Known.Select(known => known.Name)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Profiles))]
    public async Task A_car_of_ours_is_imported_whole_by_helia(string profile)
    {
        await using NodeScript peer = await NodeScript.StartAsync("car.mjs");
        using TemporaryFolder folder = new();
        new RandomTree(new Random(1), unit: 100_000).Write(folder["tree"], depth: 2);
        Directory.CreateDirectory(folder["tree/many"]);
        for (int i = 0; i < ShardedEntries; i++)
            await File.WriteAllTextAsync(folder[$"tree/many/{i.ToString(CultureInfo.InvariantCulture).PadLeft(NameLength, '-')}"], $"{i}", Token);
        foreach (CarVersion version in Enum.GetValues<CarVersion>())
            await AssertImportedAsync(peer, folder, UnixFsProfile.Known.Single(known => known.Name == profile).Profile, version);
    }

    [Fact]
    public async Task Random_trees_of_small_chunks_are_imported_whole_by_helia()
    {
        await using NodeScript peer = await NodeScript.StartAsync("car.mjs");
        for (int seed = 0; seed < Trees; seed++)
        {
            Random random = new(seed);
            UnixFsProfile profile = UnixFsProfile.V1 with
            {
                ChunkSize = random.Next(1, 200),
                MaxFileLinks = random.Next(2, 10),
                RawLeaves = random.Next(2) == 0,
                CidVersion = random.Next(2),
                HamtThreshold = random.Next(100, 1000),
                MaxHamtFanout = 1 << random.Next(3, 11),
            };
            using TemporaryFolder folder = new();
            new RandomTree(random, profile.ChunkSize).Write(folder["tree"], depth: 3);
            await AssertImportedAsync(peer, folder, profile, seed % 2 == 0 ? CarVersion.V1 : CarVersion.V2);
        }
    }

    [Theory]
    [InlineData(1 << 20)]
    [InlineData(1000)]
    public async Task A_car_of_helia_is_verified_and_unpacked_by_ipdr(int chunkSize)
    {
        await using NodeScript peer = await NodeScript.StartAsync("car.mjs");
        using TemporaryFolder folder = new();
        new RandomTree(new Random(2), unit: 3000).Write(folder["tree"], depth: 3);
        JsonElement packed = await peer.AskAsync(new { pack = folder["tree"], to = folder["tree.car"], chunkSize });
        await AssertUnpackedAsync(folder, packed.GetProperty("roots")[0].GetString()!);
    }

    [Fact]
    public async Task A_car_of_ipfs_car_is_verified_and_unpacked_by_ipdr()
    {
        string packages = await NodePackages.RequireAsync();
        using TemporaryFolder folder = new();
        new RandomTree(new Random(3), unit: 400_000).Write(folder["tree"], depth: 2);
        DeleteLinks(folder["tree"]);                                            // which ipfs-car does not know
        ProgramResult packed = await ExternalProgram.Require("node")
            .RunAsync(Path.Combine(packages, "node_modules", "ipfs-car", "bin.js"), "pack", folder["tree"], "--no-wrap", "--hidden", "--output", folder["tree.car"]);
        await AssertUnpackedAsync(folder, packed.OrFail().Text);
    }

    private static async Task AssertImportedAsync(NodeScript peer, TemporaryFolder folder, UnixFsProfile profile, CarVersion version)
    {
        Dag dag = await UnixFsImporter.ImportAsync(folder["tree"], new ImportOptions { Profile = profile, KeepBlocks = true }, Token);
        await using (FileStream car = File.Create(folder["tree.car"]))
            await CarWriter.WriteAsync(dag, car, version, Token);
        JsonElement answer = await peer.AskAsync(new { unpack = folder["tree.car"], to = folder["out"] });
        Assert.Equal([dag.Root.ToString()], answer.GetProperty("roots").EnumerateArray().Select(root => root.GetString()));
        Assert.Equal(dag.Blocks().Select(block => block.Cid.ToString()), answer.GetProperty("blocks").EnumerateArray().Select(cid => cid.GetString()));
        Assert.Equal(Listing(folder["tree"]), Listing(folder["out"]));
        Directory.Delete(folder["out"], recursive: true);
    }

    private static async Task AssertUnpackedAsync(TemporaryFolder folder, string root)
    {
        using JsonDocument report = JsonDocument.Parse((await IpdrProgram.Program.RunAsync("car", "verify", folder["tree.car"], "--json")).OrFail().Text);
        Assert.Equal(root, report.RootElement.GetProperty("roots")[0].GetString());
        Assert.Equal(root, (await IpdrProgram.Program.RunAsync("car", "unpack", folder["tree.car"], "-o", folder["out"], "-s")).OrFail().Text);
        Assert.Equal(Listing(folder["tree"]), Listing(folder["out"]));
    }

    private static void DeleteLinks(string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Where(entry => entry.LinkTarget is not null).ToArray())
            entry.Delete();
    }

    private static IEnumerable<string> Listing(string folder) => new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .Select(entry => $"{Path.GetRelativePath(folder, entry.FullName)} {Describe(entry)}").Order(StringComparer.Ordinal);

    private static string Describe(FileSystemInfo entry) => entry switch
    {
        { LinkTarget: { } target } => $"-> {target}",
        DirectoryInfo => "directory",
        _ => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(entry.FullName))),
    };
}
