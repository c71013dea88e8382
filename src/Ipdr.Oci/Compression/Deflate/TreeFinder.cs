using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static Ipdr.Oci.Compression.Deflate.DeflateFormat;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>Remembers positions in binary trees, ordered by the bytes that follow: finds the nearest match of every length.</summary>
/// <remarks>
/// There is a tree for each hash of four bytes. Its root is the newest position, and every child is older than its parent, so a path ends
/// where the window does. A new position becomes the root: the search for it takes the old tree apart into what is less and what is more.
/// </remarks>
internal sealed class TreeFinder
{
    private const int HashBits = 16;
    private const int ShortHashBits = 15;
    private const int Mask = Parser.MaxDistance;

    private readonly int[] _roots = new int[1 << HashBits];
    private readonly int[] _short = new int[1 << ShortHashBits];

    // Of each position in the window the child that is less and the one that is more.
    private readonly ushort[] _children = new ushort[2 * (Mask + 1)];

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        _roots.AsSpan().Clear();
        _short.AsSpan().Clear();
    }

    /// <summary>Finds matches, each longer and farther than the one before, and remembers the position.</summary>
    /// <remarks>
    /// Positions that agree in <paramref name="compared"/> bytes are the same to the tree: the newer takes the other's place. So that the order
    /// of its nodes holds for every search to come, that number may only become smaller, and where matches have to end does not matter to it.
    /// </remarks>
    /// <param name="current">The byte at the position.</param>
    /// <param name="position">The position, in the tables' counting.</param>
    /// <param name="compared">How many bytes are compared to order positions, at least four; never more than for the position before.</param>
    /// <param name="max">The longest match that is allowed, at least four.</param>
    /// <param name="depth">How many candidates are looked at.</param>
    /// <param name="matches">Room for <see cref="MaxMatch"/> matches.</param>
    /// <returns>How many there are.</returns>
    public int Find(ref byte current, int position, int compared, int max, int depth, ref Match matches)
    {
        ref ushort children = ref MemoryMarshal.GetArrayDataReference(_children);
        uint word = Bytes.Read32(ref current, 0);
        ref int shortEntry = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_short), (nint)(((word << 8) * Parser.HashFactor) >> (32 - ShortHashBits)));
        ref int root = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_roots), (nint)((word * Parser.HashFactor) >> (32 - HashBits)));
        nint count = 0;
        int best = MinMatch - 1;
        int shortDistance = position - shortEntry;
        if (shortDistance <= Parser.MaxDistance && (Bytes.Read32(ref current, -(nint)shortDistance) ^ word) << 8 == 0)
        {
            best = MinMatch;
            Unsafe.Add(ref matches, count++) = new Match(MinMatch, shortDistance);
        }
        shortEntry = position;

        nint less = 2 * (position & Mask), more = less + 1;
        int lessLength = 0, moreLength = 0;
        int distance = Math.Min(position - root, Parser.MaxDistance + 1);
        root = position;
        while ((uint)(distance - 1) < Parser.MaxDistance && depth-- > 0)
        {
            ref byte candidate = ref Unsafe.Subtract(ref current, (nint)distance);
            nint node = 2 * ((position - distance) & Mask);
            int length = Math.Min(lessLength, moreLength);
            length += Bytes.CommonLength(ref Bytes.At(ref candidate, length), ref Bytes.At(ref current, length), compared - length);
            if (length > best && best < max)
            {
                best = length == compared && length < max
                    ? length + Bytes.CommonLength(ref Bytes.At(ref candidate, length), ref Bytes.At(ref current, length), max - length)
                    : Math.Min(length, max);
                Unsafe.Add(ref matches, count++) = new Match(best, distance);
            }
            if (length == compared)
            {
                Unsafe.Add(ref children, less) = Inherited(Unsafe.Add(ref children, node), position);
                Unsafe.Add(ref children, more) = Inherited(Unsafe.Add(ref children, node + 1), position);
                return (int)count;
            }
            nint side = Bytes.At(ref candidate, length) < Bytes.At(ref current, length) ? 1 : 0;
            if (side == 1)
            {
                Unsafe.Add(ref children, less) = (ushort)(position - distance);
                less = node + 1;
                lessLength = length;
            }
            else
            {
                Unsafe.Add(ref children, more) = (ushort)(position - distance);
                more = node;
                moreLength = length;
            }
            distance = (short)(position - Unsafe.Add(ref children, node + side));
        }
        Unsafe.Add(ref children, less) = Unsafe.Add(ref children, more) = NoChild(position);
        return (int)count;
    }

    // A child is never farther from its parent than the window is long, so it looks too far away for as long as the parent can be met.
    // Left as it is where equals take each other's place for a while, it would look near again, and a path would go astray.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Inherited(ushort child, int position) => (ushort)(position - child) <= Parser.MaxDistance ? child : NoChild(position);

    private static ushort NoChild(int position) => (ushort)(position - Parser.MaxDistance - 1);
}
