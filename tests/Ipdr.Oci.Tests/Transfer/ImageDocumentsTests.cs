using Ipdr.Oci.Digests;
using Ipdr.Oci.Engines;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Transfer;

namespace Ipdr.Oci.Tests.Transfer;

/// <summary>Documents come to the byte, of the platform that is meant, and are held against their digests.</summary>
public sealed class ImageDocumentsTests : IAsyncDisposable
{
    private readonly MemorySource _source = new();
    private readonly Descriptor _host, _other, _index;

    public ImageDocumentsTests()
    {
        _host = _source.AddImage(HostPlatform.Current.ToString(), null, 1000);
        _other = _source.AddImage("linux/s390x", null, 2000);
        _index = _source.AddIndex("example/x:1", _other, _host);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task Without_a_platform_the_index_itself_is_read()
    {
        Assert.Equal(_index.Digest, DigestOf(await ImageDocuments.ReadManifestAsync(_source, _index, cancellationToken: Cancellation)));
        Assert.Equal(_other.Digest, DigestOf(await ImageDocuments.ReadManifestAsync(_source, _index, Platform.Parse("linux/s390x"), Cancellation)));
    }

    [Fact]
    public async Task A_config_is_that_of_this_machine_or_of_the_platform_that_is_named()
    {
        Assert.Equal(HostPlatform.Current, Read(await ImageDocuments.ReadConfigAsync(_source, _index, cancellationToken: Cancellation)).Platform);
        Assert.Equal("linux/s390x", Read(await ImageDocuments.ReadConfigAsync(_source, _index, Platform.Parse("linux/s390x"), Cancellation)).Platform.ToString());
        Assert.Equal("linux/s390x", Read(await ImageDocuments.ReadConfigAsync(_source, _other, cancellationToken: Cancellation)).Platform.ToString());
        IpdrException e = await Assert.ThrowsAsync<IpdrException>(() => ImageDocuments.ReadConfigAsync(_source, _index, Platform.Parse("plan9/mips"), Cancellation));
        Assert.Equal(FaultCode.NoPlatform, e.Fault.Code);
    }

    [Fact]
    public async Task A_config_that_is_another_one_is_not_handed_out()
    {
        _source.Wrap = (blob, stream) =>
        {
            using (stream)
                return new MemoryStream(MemorySource.Bytes((int)blob.Size));
        };
        await Assert.ThrowsAsync<DigestMismatchException>(() => ImageDocuments.ReadConfigAsync(_source, _other, cancellationToken: Cancellation));
    }

    private static Digest DigestOf(ReadOnlyMemory<byte> content) => Digest.OfContent(DigestAlgorithm.Sha256, content.Span);

    private static ImageConfig Read(ReadOnlyMemory<byte> content) => Document.ReadConfig(content, "test");
}
