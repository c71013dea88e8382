using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Ipdr.Oci.Car;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Tests.Car;

public sealed class CarWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Exports => CarVectors.Exports;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Exports))]
    public async Task A_car_is_to_the_byte_the_one_that_kubo_exports(string name)
    {
        JsonElement export = CarVectors.Export(name);
        UnixFsVector vector = UnixFsVector.All[name];
        VectorTree.Write(_folder.File("content"), vector.Input, vector.Metadata);
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("content"), new ImportOptions { Profile = vector.Profile, KeepBlocks = true }, Token);
        byte[] car = await WriteAsync(dag, CarVersion.V1);

        Assert.Equal(export.GetProperty("carBytes").GetInt64(), CarWriter.MeasureData(dag));
        Assert.Equal(
            export.GetProperty("order").EnumerateArray().Select(cid => cid.GetString()),
            (await CarReading.OfAsync(car)).Blocks.Select(block => (string?)block.Cid.ToString()));
        Assert.Equal(export.GetProperty("carSha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(car)));
    }

    [Fact]
    public async Task An_index_is_to_the_byte_the_one_that_go_car_writes()
    {
        byte[] sample = CarVectors.Sample("carv2-multihash-index-sorted");
        List<IndexEntry> entries = [.. (await CarReading.OfAsync(sample)).Blocks.Select(block => new IndexEntry(block.Cid.Hash, block.Offset - 51)).Reverse()];
        using MemoryStream index = new();
        await MultihashIndex.WriteAsync(System.IO.Pipelines.PipeWriter.Create(index), entries, Token);
        Assert.Equal(Convert.ToHexString(sample.AsSpan(269)), Convert.ToHexString(index.ToArray()));
    }

    [Fact]
    public Task Both_versions_hold_the_tree_that_was_imported() => Gen.Select(TreeSample.Trees, TreeSample.Profiles).SampleAsync(async (tree, profile) =>
    {
        using TemporaryFolder folder = new();
        TreeSample.Write(folder.File("in"), tree);
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("in"), new ImportOptions { Profile = profile, KeepBlocks = true }, Token);
        foreach (CarVersion version in Enum.GetValues<CarVersion>())
        {
            await File.WriteAllBytesAsync(folder.File("car"), await WriteAsync(dag, version), Token);
            CarReport report = await CarVerifier.VerifyAsync(folder.File("car"), cancellationToken: Token);
            Assert.Empty(report.Faults);
            Assert.Equal((version, dag.Root), (report.Header!.Version, report.Header.Roots.Single()));
            Assert.Equal((dag.Blocks().Count(), 0, dag.Entries().Count()), (report.Blocks, report.RepeatedBlocks, report.Entries));
            using CarFile car = await CarFile.OpenAsync(folder.File("car"), cancellationToken: Token);
            await TreeExtractor.ExtractAsync(car, ContentPath.Of(dag.Root), folder.File($"out{version}"), cancellationToken: Token);
            Assert.Equal(TreeSample.Listing(folder.File("in")), TreeSample.Listing(folder.File($"out{version}")));
        }
        return true;
    }, iter: 20);

    [Fact]
    public async Task A_car_with_a_byte_changed_gives_the_same_tree_or_none()
    {
        TreeSample.Write(_folder.File("zoo"), [("large", new byte[50]), ("a/b", [1]), .. Enumerable.Range(0, 8).Select(i => ($"many/{i}", (byte[]?)[(byte)i]))]);
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("zoo"), new ImportOptions { Profile = TreeSample.Tiny, KeepBlocks = true }, Token);
        byte[] car = await WriteAsync(dag, CarVersion.V2);
        IReadOnlyList<string> whole = TreeSample.Listing(_folder.File("zoo"));
        int refused = 0;
        for (int position = 0; position < car.Length; position += 3)
        {
            byte[] damaged = [.. car];
            damaged[position] ^= 0x21;
            await File.WriteAllBytesAsync(_folder.File("car"), damaged, Token);
            CarReport report = await CarVerifier.VerifyAsync(_folder.File("car"), cancellationToken: Token);
            if (report.Faults.Count == 0 && report.Header!.Roots.SequenceEqual([dag.Root]))
            {
                using CarFile file = await CarFile.OpenAsync(_folder.File("car"), cancellationToken: Token);
                await TreeExtractor.ExtractAsync(file, ContentPath.Of(dag.Root), _folder.File("out"), cancellationToken: Token);
                Assert.Equal(whole, TreeSample.Listing(_folder.File("out")));
                Directory.Delete(_folder.File("out"), recursive: true);
            }
            else
            {
                refused++;
            }
        }
        // What may change without harm: reserved bytes, the index, codecs of sections.
        Assert.InRange(refused, car.Length / 6, car.Length / 3);
    }

    [Fact]
    public async Task Content_that_has_changed_since_it_was_named_is_not_written()
    {
        await File.WriteAllBytesAsync(_folder.File("file"), new byte[100], Token);
        Dag dag = await UnixFsImporter.ImportAsync(_folder.File("file"), new ImportOptions { Profile = TreeSample.Tiny, KeepBlocks = true }, Token);
        await File.WriteAllBytesAsync(_folder.File("file"), [.. new byte[99], 1], Token);
        Assert.Equal(FaultCode.DigestMismatch, (await Assert.ThrowsAnyAsync<IpdrException>(() => WriteAsync(dag, CarVersion.V1))).Fault.Code);
    }

    [Fact]
    public async Task A_block_is_found_in_a_file_by_any_cid_of_its_hash()
    {
        await File.WriteAllBytesAsync(_folder.File("car"), CarVectors.Sample("carv1"), Token);
        using CarFile car = await CarFile.OpenAsync(_folder.File("car"), cancellationToken: Token);
        CarReading reading = await CarReading.OfAsync(CarVectors.Sample("carv1"));
        Assert.Equal(reading.Blocks.Count, car.BlockCount);
        foreach ((Cid cid, _, string data) in reading.Blocks)
        {
            using System.Buffers.IMemoryOwner<byte>? block = await car.TryReadAsync(Cid.Create(1, Multicodec.DagPb, cid.Hash), Token);
            Assert.Equal(data, Convert.ToHexStringLower(block!.Memory.Span));
        }
        Assert.Null(await car.TryReadAsync(Cid.Parse("QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn"), Token));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<byte[]> WriteAsync(Dag dag, CarVersion version)
    {
        using MemoryStream car = new();
        await CarWriter.WriteAsync(dag, car, version, Token);
        if (version == CarVersion.V1)
            Assert.Equal(car.Length, CarWriter.MeasureData(dag));
        return car.ToArray();
    }
}
