using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;

namespace Ipdr.Server.Page;

/// <summary>Gathers what the page shows.</summary>
internal sealed class PageReader(CidRegistry registry, ServedContent served)
{
    /// <summary>Tags of one repository that are shown beside others.</summary>
    public const int MaxTags = 10;

    /// <summary>Repositories of one page.</summary>
    public const int MaxRepositories = 25;

    // Images of one index that are looked into.
    private const int MaxPlatforms = 64;

    /// <summary>Some repositories and their tags.</summary>
    public async Task<IReadOnlyList<TagView>> ListAsync(string after, CancellationToken cancellationToken)
    {
        List<TagView> tags = [];
        foreach (RepositoryName repository in await registry.ListRepositoriesAsync(after, MaxRepositories, cancellationToken).ConfigureAwait(false))
        {
            foreach (Tag tag in await registry.ListTagsAsync(repository, "", MaxTags, cancellationToken).ConfigureAwait(false) ?? [])
            {
                if (await FindAsync(repository, tag, cancellationToken).ConfigureAwait(false) is { } found)
                    tags.Add(found);
            }
        }
        return tags;
    }

    /// <summary>One tag; null if there is none.</summary>
    public async Task<TagView?> FindAsync(RepositoryName repository, Tag tag, CancellationToken cancellationToken)
    {
        if (await registry.FindManifestAsync(repository, tag, cancellationToken).ConfigureAwait(false) is not { } manifest)
            return null;
        Cid? cid = served switch
        {
            { Store: { } store } => await store.FindCidAsync(repository, tag, cancellationToken).ConfigureAwait(false),
            { Places: { } places } => await places.FindKnownCidAsync(repository, tag, cancellationToken).ConfigureAwait(false),
            _ => null,
        };
        cid ??= CidRegistry.CidOf(repository);
        List<PlatformView> platforms = [];
        if (manifest.MediaType.IsIndex)
        {
            foreach (Descriptor child in Document.ReadIndex(manifest.Content, manifest.Digest.ToString()).Manifests.Take(MaxPlatforms))
                platforms.Add(await ReadChildAsync(repository, child, cancellationToken).ConfigureAwait(false));
        }
        else
        {
            platforms.Add(await ReadImageAsync(repository, manifest, null, cancellationToken).ConfigureAwait(false));
        }
        BlobCheck check = CidRegistry.CidOf(repository) is not null ? BlobCheck.EveryBlock : served.Store is not null ? BlobCheck.AtPush : BlobCheck.ByPuller;
        return new TagView(repository, tag, manifest.Digest, manifest.MediaType.ToString(), cid, check, platforms);
    }

    private async Task<PlatformView> ReadChildAsync(RepositoryName repository, Descriptor child, CancellationToken cancellationToken)
    {
        RegistryManifest? manifest = await registry.FindManifestAsync(repository, child.Digest, cancellationToken).ConfigureAwait(false);
        return manifest is null || manifest.MediaType.IsIndex
            ? new PlatformView(NameOf(child), child.Digest, null, [], manifest is not null)
            : await ReadImageAsync(repository, manifest, NameOf(child), cancellationToken).ConfigureAwait(false);
    }

    private async Task<PlatformView> ReadImageAsync(RepositoryName repository, RegistryManifest manifest, string? name, CancellationToken cancellationToken)
    {
        ImageManifest image = Document.ReadManifest(manifest.Content, manifest.Digest.ToString());
        List<LayerView> layers = [];
        foreach (Descriptor layer in image.Layers ?? [])
        {
            RegistryBlob? blob = await registry.FindBlobAsync(repository, layer.Digest, cancellationToken).ConfigureAwait(false);
            layers.Add(new LayerView(layer.Digest, layer.Size, layer.MediaType.ToString(), blob?.Size == layer.Size));
        }
        RegistryBlob? config = await registry.FindBlobAsync(repository, image.Config.Digest, cancellationToken).ConfigureAwait(false);
        name ??= image.Config.MediaType.IsImageConfig && config is { Size: <= Document.MaxBytes } ? await ReadPlatformAsync(config, cancellationToken).ConfigureAwait(false) : image.ArtifactType ?? "";
        return new PlatformView(name, manifest.Digest, image.Config.Digest, layers, config is not null && layers.All(layer => layer.IsHere));
    }

    // A config that says it in no readable way is shown without a platform.
    private static async Task<string> ReadPlatformAsync(RegistryBlob config, CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = new byte[config.Size];
            Stream content = await config.OpenAsync(0, cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
                await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return Document.ReadConfig(bytes, config.Digest.ToString()).Platform.ToString();
        }
        catch (Exception e) when (e is IOException or IpdrException)
        {
            return "";
        }
    }

    private static string NameOf(Descriptor child) => child switch
    {
        { Annotations: { } annotations } when annotations.GetValueOrDefault(Annotations.DockerReferenceType) == Annotations.AttestationManifest => "attestation",
        { Platform: { IsUnknown: false } platform } => platform.ToString(),
        _ => child.ArtifactType ?? "",
    };
}
