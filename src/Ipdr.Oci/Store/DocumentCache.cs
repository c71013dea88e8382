using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Store;

/// <summary>Manifests that were read lately. What a digest names never changes, so nothing here is ever stale.</summary>
/// <param name="capacity">Bytes of documents that are kept.</param>
internal sealed class DocumentCache(long capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Digest, LinkedListNode<(Digest Digest, ReadOnlyMemory<byte> Content)>> _byDigest = [];
    private readonly LinkedList<(Digest Digest, ReadOnlyMemory<byte> Content)> _byAge = [];
    private long _held;

    public bool TryGet(Digest digest, out ReadOnlyMemory<byte> content)
    {
        lock (_lock)
        {
            if (!_byDigest.TryGetValue(digest, out var node))
            {
                content = default;
                return false;
            }
            if (node != _byAge.First)
            {
                _byAge.Remove(node);
                _byAge.AddFirst(node);
            }
            content = node.Value.Content;
            return true;
        }
    }

    public void Add(Digest digest, ReadOnlyMemory<byte> content)
    {
        lock (_lock)
        {
            if (content.Length > capacity || _byDigest.ContainsKey(digest))
                return;
            _byDigest.Add(digest, _byAge.AddFirst((digest, content)));
            for (_held += content.Length; _held > capacity; _byAge.RemoveLast())
            {
                _held -= _byAge.Last!.Value.Content.Length;
                _byDigest.Remove(_byAge.Last.Value.Digest);
            }
        }
    }
}
