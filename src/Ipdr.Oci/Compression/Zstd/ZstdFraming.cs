using Ipdr.Oci.Compression.Encoding;

namespace Ipdr.Oci.Compression.Zstd;

/// <summary>Frames need nothing around them, but no frame at all would not be zstd: an empty stream is one empty frame.</summary>
internal sealed class ZstdFraming : BlockFraming
{
    // Magic, descriptor (single segment, content size in one byte), content size 0, last raw block of 0 bytes.
    private static readonly byte[] EmptyFrame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00];

    private bool _hasBlock;

    public override void Append(ReadOnlySpan<byte> block) => _hasBlock = true;

    public override ReadOnlyMemory<byte> Finish() => _hasBlock ? default : EmptyFrame;
}
