using System.Collections.Concurrent;

namespace Ipdr.Oci.Store;

/// <summary>Hashes of uploads between two requests. A hash that is not here any more is computed again from the file.</summary>
internal sealed class RunningHashes : IDisposable
{
    // Uploads that are begun and never finished must not fill the memory; a hash takes about a kilobyte.
    private const int MaxKept = 4096;

    private readonly ConcurrentDictionary<UploadId, RunningHash> _hashes = new();

    /// <summary>Takes the hash of an upload out, if it is known for exactly that length.</summary>
    public RunningHash? Take(UploadId upload, long length)
    {
        if (!_hashes.TryRemove(upload, out RunningHash? hash))
            return null;
        if (hash.Length == length)
            return hash;
        hash.Dispose();
        return null;
    }

    /// <summary>Keeps a hash for the next request; the owner from now on is this.</summary>
    public void Keep(UploadId upload, RunningHash hash)
    {
        if (_hashes.Count >= MaxKept || !_hashes.TryAdd(upload, hash))
            hash.Dispose();
    }

    public void Dispose()
    {
        foreach (RunningHash hash in _hashes.Values)
            hash.Dispose();
        _hashes.Clear();
    }
}
