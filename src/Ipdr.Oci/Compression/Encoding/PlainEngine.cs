namespace Ipdr.Oci.Compression.Encoding;

/// <summary>Writes what it reads.</summary>
internal sealed class PlainEngine : CompressionEngine
{
    public static readonly PlainEngine Instance = new();

    public override CompressionLevels Levels => default;

    public override int BlockSize => 1 << 20;

    public override string RecipeOf(int level) => "none: bytes as they are";

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
