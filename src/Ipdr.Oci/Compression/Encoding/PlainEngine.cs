namespace Ipdr.Oci.Compression.Encoding;

/// <summary>Writes what it reads.</summary>
internal sealed class PlainEngine : CompressionEngine
{
    public override string RecipeName => "none";

    public override CompressionFormat Format => CompressionFormat.None;

    public override CompressionLevels Levels => default;

    public override int BlockSize => 1 << 20;

    public override int MaxEncodedLength(int blockLength) => blockLength;

    public override BlockEncoder CreateEncoder(int level) => new Copier();

    public override BlockFraming CreateFraming() => new();

    private sealed class Copier : BlockEncoder
    {
        public override int Encode(ReadOnlySpan<byte> block, Memory<byte> destination)
        {
            block.CopyTo(destination.Span);
            return block.Length;
        }
    }
}
