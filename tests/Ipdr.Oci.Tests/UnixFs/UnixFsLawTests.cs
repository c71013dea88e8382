using CsCheck;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.Digests;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Tests.UnixFs;

/// <summary>What holds for all content and all rules.</summary>
public sealed class UnixFsLawTests
{
    private static readonly Gen<UnixFsProfile> Profiles = Gen.Select(Gen.Int[1, 60], Gen.Int[2, 7], Gen.Bool, Gen.Int[0, 1], Gen.Int[0, 3], (chunk, width, raw, version, hash) => new UnixFsProfile
    {
        ChunkSize = chunk,
        MaxFileLinks = width,
        RawLeaves = raw,
        CidVersion = hash == 0 ? version : 1,
        Hash = ((MultihashCode[])[MultihashCode.Sha256, MultihashCode.Sha512, MultihashCode.Blake3, MultihashCode.Blake2b256])[hash],
    });

    [Fact]
    public async Task A_cid_depends_neither_on_how_the_bytes_arrive_nor_on_the_number_of_cores() =>
        await Gen.Select(Gen.Byte.Array[0, 3000], Profiles, Gen.Int[1, 97], Gen.Int[1, 8]).SampleAsync(async (bytes, profile, step, cores) =>
        {
            Dag whole = await ImportAsync(bytes, bytes.Length + 1, profile, 1);
            Dag inSteps = await ImportAsync(bytes, step, profile, cores);
            return whole.Root == inSteps.Root && whole.Root == Sunk(bytes, step, profile).Cid && whole.FileSize == bytes.Length;
        }, iter: 200);

    [Fact]
    public void The_sizes_that_are_computed_are_those_of_the_blocks() =>
        Gen.Select(Gen.Byte.Array[0, 3000], Profiles).Sample((bytes, profile) =>
        {
            FileNode file = FileSink.OfDocument(new FileForm(profile), "file", bytes);
            return file.CumulativeSize == TsizeOf(file.Root);
        }, iter: 200);

    [Fact]
    public async Task Every_block_can_be_had_again_and_the_leaves_are_the_content() =>
        await Gen.Select(Gen.Byte.Array[0, 2000], Profiles).SampleAsync(async (bytes, profile) =>
        {
            FileNode file = FileSink.OfDocument(new FileForm(profile with { RawLeaves = true }), "file", bytes);
            List<byte> leaves = [];
            await CollectAsync(file.Root, leaves);
            return leaves.SequenceEqual(bytes);
        }, iter: 100);

    [Fact]
    public void The_order_in_which_names_come_does_not_matter() =>
        Gen.Select(Gen.String[Gen.Char['a', 'z'], 1, 12].HashSet[0, 300], Gen.Int[1, 20_000], Gen.Int[0, 7], Gen.Int).Sample((names, threshold, fanout, seed) =>
        {
            UnixFsProfile profile = new() { HamtThreshold = threshold, MaxHamtFanout = 8 << fanout };
            string[] shuffled = [.. names];
            new Random(seed).Shuffle(shuffled);
            return Directory(names, profile).Cid == Directory(shuffled, profile).Cid;
        }, iter: 200);

    private static DagNode Directory(IEnumerable<string> names, UnixFsProfile profile)
    {
        DagTree tree = new(profile, keep: false);
        foreach (string name in names)
            tree.Add(name, FileSink.OfDocument(new FileForm(profile), name, new byte[] { (byte)name.Length }));
        return tree.Build();
    }

    private static async Task<Dag> ImportAsync(byte[] bytes, int step, UnixFsProfile profile, int cores)
    {
        await using SteppingStream stream = new(bytes, step);
        return await UnixFsImporter.ImportAsync(stream, new ImportOptions { Profile = profile, DegreeOfParallelism = cores }, TestContext.Current.CancellationToken);
    }

    private static FileNode Sunk(byte[] bytes, int step, UnixFsProfile profile)
    {
        using FileSink sink = new(new FileForm(profile), keep: false);
        for (int offset = 0; offset < bytes.Length; offset += step)
            sink.Append(bytes.AsSpan(offset, Math.Min(step, bytes.Length - offset)));
        return sink.Finish(null);
    }

    private static long TsizeOf(DagStep step) => step.Block.Length + step.Children.Sum(TsizeOf);

    private static async Task CollectAsync(DagStep step, List<byte> leaves)
    {
        byte[] block = new byte[step.Block.Length];
        await step.Block.ReadAsync(block, TestContext.Current.CancellationToken);
        if (step.Block.Cid.Codec == Multicodec.Raw)
            leaves.AddRange(block);
        foreach (DagStep child in step.Children)
            await CollectAsync(child, leaves);
    }
}
