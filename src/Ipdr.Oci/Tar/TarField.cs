namespace Ipdr.Oci.Tar;

/// <summary>A field of a header block: its name in POSIX, its first byte and its length in bytes.</summary>
internal readonly record struct TarField(string Name, int Offset, int Length)
{
    /// <summary>The byte after the last one.</summary>
    public int End => Offset + Length;

    /// <summary>The field that begins where this one ends.</summary>
    public TarField Then(string name, int length) => new(name, End, length);

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> block) => block.Slice(Offset, Length);

    public Span<byte> In(Span<byte> block) => block.Slice(Offset, Length);
}
