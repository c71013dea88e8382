using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>Hashes chunks that are in memory. Not safe for several threads.</summary>
internal sealed class LeafHasher(FileForm form)
{
    private byte[] _wrapped = [];

    /// <summary>The hash of the leaf that holds this chunk.</summary>
    public Multihash Hash(ReadOnlySpan<byte> chunk) => form.RawLeaves ? Multihash.OfContent(form.Hash, chunk) : HashWrapped(chunk, default);

    /// <summary>The hash of a node that holds this chunk.</summary>
    public Multihash HashWrapped(ReadOnlySpan<byte> chunk, UnixFsMetadata metadata)
    {
        int length = FileForm.WrappedLength(chunk.Length, metadata);
        if (_wrapped.Length < length)
            _wrapped = GC.AllocateUninitializedArray<byte>(length);
        Span<byte> block = _wrapped.AsSpan(0, length);
        chunk.CopyTo(block[FileForm.WrappedOffset(chunk.Length, metadata)..]);
        FileForm.Wrap(block, chunk.Length, metadata);
        return Multihash.OfContent(form.Hash, block);
    }

    /// <summary>Adds the leaves of several chunks to a file.</summary>
    /// <param name="content">Whole chunks, but for the last one of a file; at least one, which may be empty in an empty file.</param>
    /// <param name="add">Takes each leaf.</param>
    public void HashAll(ReadOnlySpan<byte> content, Action<Multihash, int> add)
    {
        do
        {
            ReadOnlySpan<byte> chunk = content[..Math.Min(content.Length, form.ChunkSize)];
            add(Hash(chunk), chunk.Length);
            content = content[chunk.Length..];
        }
        while (!content.IsEmpty);
    }
}
