namespace Ipdr.Oci.Store;

/// <summary>How a store behaves.</summary>
public sealed record StoreOptions
{
    /// <summary>Tells when content was last asked for. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long content is kept that nothing refers to yet. Default one day: a push may take hours, and names its blobs at its end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long an upload that nobody continues is kept. Default one week, as other registries do.</summary>
    public TimeSpan StaleUpload { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Memory for manifests that were read, in bytes. Default 32 MiB.</summary>
    public long DocumentCacheBytes { get; init; } = 32L << 20;
}
