using System.IO.Pipelines;
using System.Text;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;

namespace Ipdr.Oci.Tests.Store;

/// <summary>A store with a clock that is moved by hand, and short ways to fill it.</summary>
internal sealed class StoreFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StoreFixture() => Store = Open();

    public HandClock Clock { get; } = new();

    public ContentStore Store { get; }

    public string Home => _folder.File("home");

    public static RepositoryName Repository { get; } = RepositoryName.Parse("team/app");

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string[] Files => [.. Directory.EnumerateFiles(Path.Combine(Home, "blobs"), "*", SearchOption.AllDirectories)];

    /// <summary>One more opening of the same store, as another process has it.</summary>
    public ContentStore Open() => ContentStore.Open(Home, new StoreOptions { Clock = Clock });

    public async Task<Digest> PutBlobAsync(string content, DigestAlgorithm algorithm = DigestAlgorithm.Sha256)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        Digest digest = Digest.OfContent(algorithm, bytes);
        await using BlobUpload upload = Store.BeginUpload(Repository, algorithm);
        await upload.AppendAsync(Reader(bytes), long.MaxValue, Cancellation);
        await upload.CompleteAsync(digest, Cancellation);
        return digest;
    }

    public async Task<Digest> PutImageAsync(string name, string? tag = null, Digest? subject = null)
    {
        string config = $"config of {name}", layer = $"layer of {name}";
        await PutBlobAsync(config);
        await PutBlobAsync(layer);
        return await PutAsync(
            $$"""
            {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{{Descriptor("application/vnd.example", config)}},
            "layers":[{{Descriptor("application/vnd.example", layer)}}]{{(subject is { } of ? $",\"subject\":{Descriptor(of)}" : "")}}}
            """,
            tag);
    }

    public Task<Digest> PutIndexAsync(string? tag, params Digest[] manifests) => PutAsync(
        $$"""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{{string.Join(',', manifests.Select(Descriptor))}}]}""", tag);

    public async Task<bool> HasAsync(Digest manifest) => await Store.FindManifestAsync(Repository, manifest, Cancellation) is not null && File.Exists(PathOf(manifest));

    public string PathOf(Digest digest) => Path.Combine(Home, "blobs", digest.Algorithm.Name, digest.Encoded);

    public static PipeReader Reader(byte[] bytes) => PipeReader.Create(new MemoryStream(bytes));

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }

    private async Task<Digest> PutAsync(string document, string? tag)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(document);
        Digest digest = Digest.OfContent(DigestAlgorithm.Sha256, bytes);
        await Store.PutManifestAsync(new ManifestPush(Repository, digest, bytes) { Tags = tag is null ? [] : [Tag.Parse(tag)] }, Cancellation);
        return digest;
    }

    private static string Descriptor(string mediaType, string content) =>
        $$"""{"mediaType":"{{mediaType}}","digest":"{{Digest.OfContent(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(content))}}","size":{{content.Length}}}""";

    private static string Descriptor(Digest manifest) => $$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{manifest}}","size":1}""";
}
