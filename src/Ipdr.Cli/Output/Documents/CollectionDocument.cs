namespace Ipdr.Cli.Output.Documents;

/// <summary>What <c>ipdr gc --json</c> prints; bytes are those of everything removed. Members are only ever added.</summary>
internal sealed record CollectionDocument(
    bool DryRun, IReadOnlyList<string> Manifests, IReadOnlyList<string> Blobs, int Uploads, int Strays, long Bytes, int CachedBlocks);
