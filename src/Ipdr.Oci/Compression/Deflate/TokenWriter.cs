using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Fills a <see cref="TokenBuffer"/>; a parser adds no more tokens than its region has bytes.</summary>
internal ref struct TokenWriter(TokenBuffer buffer)
{
    private readonly ref Token _start = ref MemoryMarshal.GetReference(buffer.Room);
    private nint _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Token token) => Unsafe.Add(ref _start, _count++) = token;

    /// <summary>Tells the buffer how much was added.</summary>
    public readonly void Finish() => buffer.Count = (int)_count;
}
