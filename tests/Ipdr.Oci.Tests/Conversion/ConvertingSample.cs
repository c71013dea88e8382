using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Conversion;

/// <summary>Converts archives made of members, into a folder that goes with the test.</summary>
internal sealed class ConvertingSample : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Output => _folder.File("out");

    /// <summary>The output's index.</summary>
    public ImageIndex Index => Document.ReadIndex(File.ReadAllBytes(Path.Combine(Output, "index.json")), "index.json");

    public byte[] Blob(Descriptor descriptor) => File.ReadAllBytes(Path.Combine(Output, "blobs", descriptor.Digest.Algorithm.Name, descriptor.Digest.Encoded));

    public async Task<ConversionResult> ConvertAsync(IEnumerable<(string, byte[])> members, ConversionOptions? options = null, string? output = null)
    {
        string path = _folder.File("archive.tar");
        await File.WriteAllBytesAsync(path, await SampleImage.TarAsync(members), TestContext.Current.CancellationToken);
        await using ArchiveInput input = ArchiveInput.OfFile(path);
        return await Converter.ConvertAsync(input, output ?? Output, options ?? new ConversionOptions(), null, TestContext.Current.CancellationToken);
    }

    /// <summary>The faults of an archive that must not convert; the output must be absent then.</summary>
    public async Task<IReadOnlyList<Fault>> RefuseAsync(IEnumerable<(string, byte[])> members, ConversionOptions? options = null)
    {
        IpdrException refusal = await Assert.ThrowsAsync<IpdrException>(() => ConvertAsync(members, options));
        Assert.False(Path.Exists(Output));
        return refusal.Faults;
    }

    public void Dispose() => _folder.Dispose();
}
