using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs;

namespace Ipdr.Oci.Tests.Registries;

/// <summary>A fixture as a layout on the disk, and what to do with it.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Dag">The layout as IPFS would have it.</param>
internal sealed record ConvertedLayout(string Folder, Dag Dag)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<ConvertedLayout> MakeAsync(TemporaryFolder folder, string archive, LayoutKind kind, UnixFsProfile? profile = null, DigestAlgorithm? algorithm = DigestAlgorithm.Sha256)
    {
        string output = folder.File($"{archive}-{kind}-{profile?.Name}".ToLowerInvariant());
        await using ArchiveInput input = ArchiveInput.OfFile(Fixtures.Archive(archive));
        ConversionResult result = await Converter.ConvertAsync(
            input, output, new ConversionOptions { Layout = kind, Digest = algorithm, Profile = profile ?? UnixFsProfile.V1 }, null, Cancellation);
        return new ConvertedLayout(output, result.Dag!);
    }

    /// <summary>Pushes all that a registry has to a store, as a client does.</summary>
    public static async Task PushAsync(IRegistryContent from, ContentStore to)
    {
        foreach (RepositoryName repository in await from.ListRepositoriesAsync("", 100, Cancellation))
        {
            foreach (Tag tag in (await from.ListTagsAsync(repository, "", 100, Cancellation))!)
                await PushAsync(from, to, repository, (await from.FindManifestAsync(repository, tag, Cancellation))!, tag);
        }
    }

    /// <summary>Everything that an image consists of can be read and is what it should be.</summary>
    public static async Task CheckAsync(IRegistryContent registry, RepositoryName repository, RegistryManifest manifest)
    {
        Assert.Equal(manifest.Digest, Digest.OfContent(manifest.Digest.Algorithm, manifest.Content.Span));
        ManifestSummary summary = ManifestSummary.Read(manifest.Content, manifest.MediaType, "");
        foreach (Descriptor blob in summary.NeededBlobs)
            Assert.Equal(blob.Digest, Digest.OfContent(blob.Digest.Algorithm, await ReadAsync(registry, repository, blob)));
        foreach (Descriptor child in summary.Manifests)
            await CheckAsync(registry, repository, (await registry.FindManifestAsync(repository, child.Digest, Cancellation))!);
    }

    private static async Task PushAsync(IRegistryContent from, ContentStore to, RepositoryName repository, RegistryManifest manifest, Tag? tag)
    {
        ManifestSummary summary = ManifestSummary.Read(manifest.Content, manifest.MediaType, "");
        foreach (Descriptor child in summary.Manifests)
            await PushAsync(from, to, repository, (await from.FindManifestAsync(repository, child.Digest, Cancellation))!, null);
        foreach (Descriptor blob in summary.NeededBlobs)
        {
            await using BlobUpload upload = to.BeginUpload(repository, blob.Digest.Algorithm);
            await upload.AppendAsync(StorePipe.Of(await ReadAsync(from, repository, blob)), long.MaxValue, Cancellation);
            await upload.CompleteAsync(blob.Digest, Cancellation);
        }
        await to.PutManifestAsync(new ManifestPush(repository, manifest.Digest, manifest.Content) { MediaType = manifest.MediaType, Tags = tag is { } given ? [given] : [] }, Cancellation);
    }

    private static async Task<byte[]> ReadAsync(IRegistryContent registry, RepositoryName repository, Descriptor blob)
    {
        RegistryBlob found = (await registry.FindBlobAsync(repository, blob.Digest, Cancellation))!;
        Assert.Equal(blob.Size, found.Size);
        await using Stream content = await found.OpenAsync(0, Cancellation);
        using MemoryStream bytes = new();
        await content.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }
}
