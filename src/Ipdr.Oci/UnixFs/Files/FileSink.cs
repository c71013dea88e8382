using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>Makes the tree of a file whose content passes by, in pieces of any length. Not safe for several threads.</summary>
/// <param name="form">How files of the profile are built.</param>
/// <param name="keep">Keep the digests of all nodes, so that the blocks can be had later.</param>
internal sealed class FileSink(FileForm form, bool keep) : IDisposable
{
    private readonly FileBuilder _builder = new(form, keep);
    private readonly LeafHasher _leaves = new(form);

    // A raw leaf is hashed as it comes; a node around a chunk begins with the chunk's length, so the chunk has to be there first.
    private readonly MultihashHasher? _hasher = form.RawLeaves ? MultihashHasher.Create(form.Hash) : null;
    private byte[]? _chunk = form.RawLeaves ? null : ArrayPool<byte>.Shared.Rent(form.ChunkSize);
    private int _length;

    /// <summary>Takes the next piece.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            // A full chunk is closed only when more comes, or a file of whole chunks would end with an empty one.
            if (_length == form.ChunkSize)
                CloseLeaf();
            ReadOnlySpan<byte> piece = content[..Math.Min(content.Length, form.ChunkSize - _length)];
            if (_hasher is not null)
                _hasher.Append(piece);
            else
                piece.CopyTo(_chunk.AsSpan(_length));
            _length += piece.Length;
            content = content[piece.Length..];
        }
    }

    /// <summary>Completes the tree.</summary>
    /// <param name="content">Where the content can be read again; null when blocks are not kept.</param>
    public FileNode Finish(FileContent? content)
    {
        CloseLeaf();
        return _builder.Finish(content, default);
    }

    /// <summary>Makes the tree of a small document.</summary>
    public static FileNode OfDocument(FileForm form, string name, ReadOnlyMemory<byte> document)
    {
        using FileSink sink = new(form, keep: true);
        sink.Append(document.Span);
        return sink.Finish(new MemoryContent(name, document));
    }

    public void Dispose()
    {
        _hasher?.Dispose();
        if (_chunk is not null)
            ArrayPool<byte>.Shared.Return(_chunk);
        _chunk = null;
    }

    private void CloseLeaf()
    {
        Multihash hash = _hasher?.Finish() ?? _leaves.Hash(_chunk.AsSpan(0, _length));
        _builder.AddLeaf(hash.Digest, _length);
        _length = 0;
    }
}
