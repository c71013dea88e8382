using System.Text;
using CsCheck;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Tests.Images;

/// <summary>Manifests, indexes and configs: strict where the specification is, open where it wants to grow.</summary>
public sealed class DocumentTests
{
    private const string Digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    private const string Config = $$$"""{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{Digest}}}","size":2}""";
    private const string Manifest = $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{{Config}}},"layers":[]}""";

    [Fact]
    public void A_manifest_that_is_written_again_unchanged_keeps_its_bytes()
    {
        ImageManifest manifest = Document.ReadManifest(Encoding.UTF8.GetBytes(Manifest), "here");
        Assert.Equal(Manifest, Encoding.UTF8.GetString(Document.Write(manifest).Span));
    }

    [Fact]
    public void Members_have_one_order_and_annotations_that_of_their_keys()
    {
        ImageManifest manifest = new(2)
        {
            Config = new Descriptor(MediaType.OciConfig, Ipdr.Oci.Digests.Digest.Parse(Digest), 2) { Annotations = new Annotations { ["b"] = "2", ["B"] = "1" } },
            Layers = [],
            Annotations = new Annotations { ["z+ü"] = "<>", ["a"] = "" },
            MediaType = MediaType.OciManifest,
        };
        Assert.Equal(
            $$$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{Digest}}}","size":2,"annotations":{"B":"1","b":"2"}},"layers":[],"annotations":{"a":"","z+ü":"<>"}}""",
            Encoding.UTF8.GetString(Document.Write(manifest).Span));
    }

    [Fact]
    public void Members_that_nobody_knows_are_kept()
    {
        string text = Manifest[..^1] + ""","org.example.new":{"a":[1,2.50,null]}}""";
        ImageManifest manifest = Document.ReadManifest(Encoding.UTF8.GetBytes(text), "here");
        Assert.EndsWith(""","org.example.new":{"a":[1,2.50,null]}}""", Encoding.UTF8.GetString(Document.Write(manifest).Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", FaultCode.BadManifest)]
    [InlineData("null", FaultCode.BadManifest)]
    [InlineData("[]", FaultCode.BadManifest)]
    [InlineData("{}", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":1,"config":{{{Config}}}}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":"2","config":{{{Config}}}}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"schemaVersion":2,"config":{{{Config}}}}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{{{Config}}},"manifests":[]}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{{{Config}}},"mediaType":"application/vnd.oci.image.index.v1+json"}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{{{Config}}},"layers":[null]}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"{{{Digest}}}","size":-1}}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"{{{Digest}}}","size":9223372036854775808}}""", FaultCode.BadManifest)]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:ABC","size":1}}""", FaultCode.BadDigest)]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"md5:d41d8cd98f00b204e9800998ecf8427e","size":1}}""", FaultCode.UnsupportedAlgorithm)]
    [InlineData($$$"""{"schemaVersion":2,"config":{"mediaType":"no type","digest":"{{{Digest}}}","size":1}}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{{{Config}}}} trailing""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"{{{Digest}}}","size":2,"data":"*"}}""", FaultCode.BadManifest)]
    [InlineData($$$"""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"{{{Digest}}}","size":2,"data":"W10="}}""", FaultCode.DataMismatch)]
    [InlineData($$$"""{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"{{{Digest}}}","size":3,"data":"e30="}}""", FaultCode.DataMismatch)]
    [InlineData($$$"""{"schemaVersion":2,"config":{{{Config}}},"subject":{"mediaType":"a/b","digest":"{{{Digest}}}","size":2,"data":""}}""", FaultCode.DataMismatch)]
    public void A_manifest_that_is_none_is_refused_with_its_place(string text, FaultCode code)
    {
        IpdrException refusal = Assert.Throws<IpdrException>(() => Document.ReadManifest(Encoding.UTF8.GetBytes(text), "blob"));
        Assert.Equal(code, refusal.Fault.Code);
        Assert.StartsWith("blob", refusal.Fault.Where, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Fault.Remedy);
    }

    [Fact]
    public void Content_that_is_embedded_truly_is_kept()
    {
        string text = Manifest.Replace("\"size\":2", "\"size\":2,\"data\":\"e30=\"", StringComparison.Ordinal);
        Assert.Equal(text, Encoding.UTF8.GetString(Document.Write(Document.ReadManifest(Encoding.UTF8.GetBytes(text), "here")).Span));
    }

    [Fact]
    public void A_byte_order_mark_is_named_as_what_it_is()
    {
        IpdrException refusal = Assert.Throws<IpdrException>(() => Document.ReadManifest((byte[])[0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Manifest)], "blob"));
        Assert.Contains("byte order mark", refusal.Fault.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void An_empty_document_is_called_empty(string text) =>
        Assert.Equal("not a valid document: it is empty", Assert.Throws<IpdrException>(() => Document.ReadManifest(Encoding.UTF8.GetBytes(text), "x")).Fault.What);

    [Fact]
    public void The_place_of_a_fault_is_a_json_pointer()
    {
        string text = $$$"""{"schemaVersion":2,"config":{{{Config}}},"layers":[{{{Config}}},{"mediaType":"a/b","digest":"{{{Digest}}}","size":"3"}]}""";
        IpdrException refusal = Assert.Throws<IpdrException>(() => Document.ReadManifest(Encoding.UTF8.GetBytes(text), "blob"));
        Assert.Contains("/layers/1/size", refusal.Fault.Where, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string text = Manifest[..^1] + ",\"x\":" + new string('[', 100_000) + new string(']', 100_000) + "}";
        Assert.Equal(FaultCode.BadManifest, Assert.Throws<IpdrException>(() => Document.ReadManifest(Encoding.UTF8.GetBytes(text), "blob")).Fault.Code);
    }

    [Fact]
    public void Any_damage_is_read_or_refused_but_never_fails_otherwise() => Gen.Select(Gen.Int[0, Manifest.Length - 1], Gen.Byte).Sample((at, value) =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Manifest);
        bytes[at] = value;
        try
        {
            Document.ReadManifest(bytes, "blob");
        }
        catch (IpdrException e)
        {
            Assert.NotEmpty(e.Faults);
        }
    });

    [Theory]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":null}}""")]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":[]},"history":[{"empty_layer":true}],"container_config":{"x":1}}""")]
    public void A_config_needs_no_more_than_its_rootfs(string text) =>
        Assert.True(Document.ReadConfig(Encoding.UTF8.GetBytes(text), "config").HistoryFitsLayers);

    [Theory]
    [InlineData("""{"rootfs":{"type":"bundle","diff_ids":[]}}""", FaultCode.BadConfig)]
    [InlineData("""{"architecture":"amd64"}""", FaultCode.BadConfig)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":["sha256:0"]}}""", FaultCode.BadDigest)]
    [InlineData("""{"rootfs":{"type":"layers","diff_ids":[]},"rootfs":{"type":"layers","diff_ids":[]}}""", FaultCode.BadConfig)]
    public void A_config_that_is_none_is_refused(string text, FaultCode code) =>
        Assert.Equal(code, Assert.Throws<IpdrException>(() => Document.ReadConfig(Encoding.UTF8.GetBytes(text), "config")).Fault.Code);
}
