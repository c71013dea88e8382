using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Remembers positions by their first four bytes, in rows of sixteen, the newest instead of the oldest; and by three bytes, one each.</summary>
/// <remarks>
/// A row is chosen by a hash, and eight more of its bits are kept as a tag with each position. One comparison of vectors sorts out
/// nearly all positions that cannot match before their bytes are looked at, where a chain would visit them one after the other.
/// The result is that of comparing tags one by one, so it is the same on every processor.
/// </remarks>
internal sealed class RowFinder
{
    private const int RowBits = 12;
    private const int Ways = 16;
    private const int TagBits = 8;
    private const int ShortHashBits = 14;

    // A match of three bytes costs more than three literals where it is far away.
    private const int MaxShortDistance = 4096;

    private readonly byte[] _tags = new byte[Ways << RowBits];
    private readonly ushort[] _positions = new ushort[Ways << RowBits];
    private readonly byte[] _newest = new byte[1 << RowBits];
    private readonly ushort[] _short = new ushort[1 << ShortHashBits];

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _tags.AsSpan().Clear();
        _positions.AsSpan().Clear();
        _newest.AsSpan().Clear();
        _short.AsSpan().Clear();
    }

    /// <summary>Remembers positions, of which four bytes each can be read.</summary>
    /// <param name="current">The byte at the first position.</param>
    /// <param name="position">The first position, in the tables' counting.</param>
    /// <param name="count">How many, or fewer than 1 for none.</param>
    public void Insert(ref byte current, int position, int count)
    {
        ref byte tags = ref MemoryMarshal.GetArrayDataReference(_tags);
        ref ushort positions = ref MemoryMarshal.GetArrayDataReference(_positions);
        ref byte newest = ref MemoryMarshal.GetArrayDataReference(_newest);
        ref ushort shorts = ref MemoryMarshal.GetArrayDataReference(_short);
        for (nint i = 0; i < count; i++)
        {
            uint word = Bytes.Read32(ref current, i);
            uint hash = Hash(word);
            nint row = (nint)(hash >> TagBits);
            uint way = (Unsafe.Add(ref newest, row) - 1u) & (Ways - 1);
            Unsafe.Add(ref newest, row) = (byte)way;
            Unsafe.Add(ref tags, (row * Ways) + (nint)way) = (byte)hash;
            Unsafe.Add(ref positions, (row * Ways) + (nint)way) = (ushort)(position + i);
            Unsafe.Add(ref shorts, ShortHash(word)) = (ushort)(position + i);
        }
    }

    /// <summary>Finds the longest match, and remembers the position.</summary>
    /// <param name="current">The byte at the position, of which <see cref="Parser.Margin"/> can be read.</param>
    /// <param name="position">The position, in the tables' counting.</param>
    /// <param name="known">A match must be longer than this; at least 2.</param>
    /// <param name="max">The longest match that is allowed.</param>
    /// <param name="enough">A match that is as long ends the search.</param>
    /// <param name="depth">How many candidates are looked at, at least 1.</param>
    /// <returns>Of equally long matches the nearest.</returns>
    public Match Find(ref byte current, int position, int known, int max, int enough, int depth)
    {
        uint word = Bytes.Read32(ref current, 0);
        uint hash = Hash(word);
        nint row = (nint)(hash >> TagBits);
        ref byte tags = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tags), row * Ways);
        ref ushort positions = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_positions), row * Ways);
        ref byte newest = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_newest), row);
        ref ushort shortEntry = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_short), ShortHash(word));
        int shortDistance = (short)(position - shortEntry);
        shortEntry = (ushort)position;

        uint first = newest;
        uint candidates = Vector128.Equals(Vector128.LoadUnsafe(ref tags), Vector128.Create((byte)hash)).ExtractMostSignificantBits();
        candidates = ((candidates | (candidates << Ways)) >> (int)first) & ((1 << Ways) - 1);
        Match found = default;
        nint best = known;
        if (best < MinMatch)
        {
            best = MinMatch;
            if (shortDistance is > 0 and <= MaxShortDistance && (Bytes.Read32(ref current, -(nint)shortDistance) ^ word) << 8 == 0)
                found = new Match(MinMatch, shortDistance);
        }
        if (candidates != 0 && best < max)
        {
            uint tail = Bytes.Read32(ref current, best - MinMatch);
            do
            {
                nint way = (nint)(((uint)BitOperations.TrailingZeroCount(candidates) + first) & (Ways - 1));
                nint distance = (short)(position - Unsafe.Add(ref positions, way));
                if (distance <= 0)
                    break;
                if (Bytes.Read32(ref current, best - MinMatch - distance) == tail)
                {
                    int length = Bytes.CommonLength(ref Unsafe.Subtract(ref current, distance), ref current, max);
                    if (length > best)
                    {
                        best = length;
                        found = new Match(length, (int)distance);
                        if (length >= enough || length >= max)
                            break;
                        tail = Bytes.Read32(ref current, best - MinMatch);
                    }
                }
                candidates &= candidates - 1;
            }
            while (candidates != 0 && --depth != 0);
        }
        first = (first - 1) & (Ways - 1);
        newest = (byte)first;
        Unsafe.Add(ref tags, (nint)first) = (byte)hash;
        Unsafe.Add(ref positions, (nint)first) = (ushort)position;
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint word) => (word * Parser.HashFactor) >> (32 - RowBits - TagBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint ShortHash(uint word) => (nint)(((word << 8) * Parser.HashFactor) >> (32 - ShortHashBits));
}
