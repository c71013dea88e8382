using Ipdr.Oci.Digests;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Store;

/// <summary>The hashes of an upload so far.</summary>
/// <param name="Hasher">Has seen <paramref name="Length"/> bytes.</param>
/// <param name="Blocks">Has seen them as well; null where the blocks are known otherwise.</param>
/// <param name="Length">Bytes hashed.</param>
internal sealed record RunningHash(DigestHasher Hasher, FileSink? Blocks, long Length) : IDisposable
{
    /// <summary>Starts with no bytes.</summary>
    public static RunningHash Start(DigestAlgorithm algorithm) => new(DigestHasher.Create(algorithm), new FileSink(BlobNaming.Form, keep: true), 0);

    public void Dispose()
    {
        Hasher.Dispose();
        Blocks?.Dispose();
    }
}
