using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Tests.UnixFs.Reading;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Gateways;

/// <summary>A file that has many blocks.</summary>
internal sealed record SampleFile(byte[] Content, Cid Root, BlockBag Blocks)
{
    public static async Task<SampleFile> CreateAsync(int length = 200_000, int chunk = 4096, int links = 16, int period = int.MaxValue)
    {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++)
            content[i] = (byte)((i % period * 2654435761L) >> 13);
        using TemporaryFolder folder = new();
        await File.WriteAllBytesAsync(folder.File("file"), content, TestContext.Current.CancellationToken);
        UnixFsProfile profile = UnixFsProfile.V1 with { ChunkSize = chunk, MaxFileLinks = links };
        Dag dag = await UnixFsImporter.ImportAsync(folder.File("file"), new ImportOptions { Profile = profile, KeepBlocks = true }, TestContext.Current.CancellationToken);
        return new SampleFile(content, dag.Root, await BlockBag.OfAsync(dag));
    }
}
