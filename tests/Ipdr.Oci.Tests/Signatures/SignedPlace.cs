using System.Text.Json.Nodes;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Signatures;
using Ipdr.Oci.Sources;

namespace Ipdr.Oci.Tests.Signatures;

/// <summary>A place in memory with an image, to which anything can be attached as a signature.</summary>
internal sealed class SignedPlace : IImageSource
{
    public const string SimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
    public const string Bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public const string Envelope = "application/vnd.dsse.envelope.v1+json";

    private const string EmptyConfig = "application/vnd.oci.empty.v1+json";

    private readonly Dictionary<Digest, byte[]> _content = [];
    private readonly List<SourceImage> _images = [];
    private readonly Dictionary<Digest, List<FoundReferrer>> _referrers = [];

    public SignedPlace()
    {
        Image = AddManifest(ManifestOf(MediaType.OciConfig.ToString(), (MediaType.OciLayer.ToString(), [1, 2, 3], null)));
        Name(Image, "1.0");
    }

    public string Place => "test";

    /// <summary>The image that is signed.</summary>
    public Descriptor Image { get; }

    public byte[] this[Descriptor content]
    {
        get => _content[content.Digest];
        set => _content[content.Digest] = value;
    }

    public void Name(Descriptor manifest, string? label) => _images.Add(new SourceImage(manifest, null, label));

    public void Remove(Descriptor content) => _content.Remove(content.Digest);

    public void Forget() => _images.Clear();

    /// <summary>Attaches layers: under cosign's tag, or with a subject.</summary>
    public Descriptor Attach(bool tagged, params (string Type, byte[] Content, string? Signature)[] layers) => Attach(Image, tagged, layers);

    public Descriptor Attach(Descriptor subject, bool tagged, params (string Type, byte[] Content, string? Signature)[] layers)
    {
        JsonObject manifest = ManifestOf(tagged ? MediaType.OciConfig.ToString() : EmptyConfig, layers);
        if (!tagged)
            manifest["subject"] = Json(subject);
        Descriptor holder = AddManifest(manifest);
        Refer(subject, holder, tagged ? Tag.Parse($"sha256-{subject.Digest.Encoded}.sig") : null);
        return holder;
    }

    public void Refer(Descriptor subject, Descriptor holder, Tag? tag)
    {
        if (!_referrers.TryGetValue(subject.Digest, out List<FoundReferrer>? found))
            _referrers[subject.Digest] = found = [];
        found.Add(new FoundReferrer(holder, tag));
    }

    public JsonObject ManifestOf(string configType, params (string Type, byte[] Content, string? Signature)[] layers) => new()
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaType.OciManifest.ToString(),
        ["config"] = Json(Add(configType, "{}"u8.ToArray())),
        ["layers"] = new JsonArray([.. layers.Select(layer =>
        {
            JsonObject descriptor = Json(Add(layer.Type, layer.Content));
            if (layer.Signature is not null)
                descriptor["annotations"] = new JsonObject { ["dev.cosignproject.cosign/signature"] = layer.Signature };
            return (JsonNode)descriptor;
        })]),
    };

    public Descriptor AddIndex(params Descriptor[] parts) => Add(MediaType.OciIndex.ToString(), System.Text.Encoding.UTF8.GetBytes(new JsonObject
    {
        ["schemaVersion"] = 2,
        ["mediaType"] = MediaType.OciIndex.ToString(),
        ["manifests"] = new JsonArray([.. parts.Select(part => (JsonNode)Json(part))]),
    }.ToJsonString()));

    public Descriptor AddManifest(JsonObject manifest) => Add(MediaType.OciManifest.ToString(), System.Text.Encoding.UTF8.GetBytes(manifest.ToJsonString()));

    public Descriptor Add(string type, byte[] content)
    {
        Descriptor descriptor = new(MediaType.Parse(type), Digest.OfContent(DigestAlgorithm.Sha256, content), content.Length);
        _content[descriptor.Digest] = content;
        return descriptor;
    }

    public static JsonObject Json(Descriptor descriptor) => new() { ["mediaType"] = descriptor.MediaType.ToString(), ["digest"] = descriptor.Digest.ToString(), ["size"] = descriptor.Size };

    /// <summary>What is found of the one image.</summary>
    public async Task<SignedImage> VerifyAsync(params SignatureKey[] keys) => Assert.Single(await VerifyAllAsync(keys));

    public Task<IReadOnlyList<SignedImage>> VerifyAllAsync(params SignatureKey[] keys) => SignatureVerifier.VerifyAsync(this, null, keys, TestContext.Current.CancellationToken);

    public ValueTask<IReadOnlyList<SourceImage>> ListAsync(CancellationToken cancellationToken) => new(_images);

    public ValueTask<ReadOnlyMemory<byte>> ReadManifestAsync(Descriptor manifest, CancellationToken cancellationToken) =>
        new(SourceDocuments.Check(Find(manifest), manifest, Place));

    public ValueTask<IReadOnlyList<FoundReferrer>> ListReferrersAsync(Descriptor manifest, CancellationToken cancellationToken) => new(_referrers.GetValueOrDefault(manifest.Digest, []));

    public ValueTask<Stream> OpenUnverifiedAsync(Descriptor blob, long offset, CancellationToken cancellationToken) => new(new MemoryStream(Find(blob)));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private byte[] Find(Descriptor content) => _content.GetValueOrDefault(content.Digest) ?? throw new IpdrException(SourceDocuments.Missing(content, Place));
}
