namespace Ipdr.Oci.Store;

/// <summary>What a collection may remove.</summary>
public sealed record CollectionOptions
{
    /// <summary>Only tell what would be removed. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Manifests without a tag stay, as for clients that pull by digest only. Default false.</summary>
    public bool KeepUntagged { get; init; }

    /// <summary>How long what nothing refers to is kept. Default null: the store's <see cref="StoreOptions.Grace"/>.</summary>
    public TimeSpan? Grace { get; init; }

    /// <summary>How long blocks from elsewhere are kept that nobody reads, in the folder that <see cref="BlockCache.FolderName"/> calls. Default 30 days; zero removes all.</summary>
    public TimeSpan CacheAge { get; init; } = TimeSpan.FromDays(30);
}
