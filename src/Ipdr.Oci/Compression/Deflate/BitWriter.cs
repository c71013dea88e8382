using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Packs bits into bytes from the lowest on (RFC 1951, section 3.1.1).</summary>
/// <remarks>
/// Bits gather in a register. <see cref="Flush"/> stores eight bytes and keeps what is less than a byte, so up to <see cref="MaxBetweenFlushes"/> bits
/// may be added between two flushes, and the destination needs eight bytes of room behind its content.
/// </remarks>
internal ref struct BitWriter(Span<byte> destination)
{
    /// <summary>The most bits that may be added between two flushes.</summary>
    public const int MaxBetweenFlushes = 56;

    private readonly ref byte _start = ref MemoryMarshal.GetReference(destination);
    private readonly Span<byte> _destination = destination;
    private int _position;
    private ulong _bits;
    private int _count;

    /// <summary>Length of what was written, in bits.</summary>
    public readonly long BitLength => ((long)_position * 8) + _count;

    /// <summary>Bytes written; all bits must be flushed and a byte be complete.</summary>
    public readonly int Length => _position;

    /// <summary>Adds bits that are zero above <paramref name="count"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong bits, int count)
    {
        _bits |= bits << _count;
        _count += count;
    }

    /// <summary>Stores all complete bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Flush()
    {
        Bytes.Write64(ref _start, _position, _bits);
        _position += _count >> 3;
        _bits >>= _count & ~7;
        _count &= 7;
    }

    /// <summary>Hands out the state, flushed, to who writes on: what comes next is at the result, with these bits in front.</summary>
    public readonly ref byte Next(out ulong bits, out int count)
    {
        bits = _bits;
        count = _count;
        return ref Bytes.At(ref _start, _position);
    }

    /// <summary>Takes the state back after so many more bytes.</summary>
    public void Resume(int written, ulong bits, int count)
    {
        _position += written;
        _bits = bits;
        _count = count;
    }

    /// <summary>Fills the last byte up with zeros.</summary>
    public void Align()
    {
        _count = (_count + 7) & ~7;
        Flush();
    }

    /// <summary>Adds whole bytes, at a byte's border.</summary>
    public void Append(ReadOnlySpan<byte> content)
    {
        content.CopyTo(_destination[_position..]);
        _position += content.Length;
    }
}
