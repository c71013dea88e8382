using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>For each position of a batch, how far back its four bytes occurred last. For one thread at a time.</summary>
/// <remarks>
/// All positions of a batch are entered before any is used: a loop without a branch to guess and without a wait for what a match turns
/// out to be. An entry is the half of the hash that does not choose it, above, plus the position; so the difference of two entries is a small
/// number where the word is the same and near, and hardly ever otherwise. No bytes need be looked at, but who uses a distance must compare them.
/// </remarks>
internal sealed class LastOccurrences
{
    /// <summary>The most positions of a batch.</summary>
    public const int MaxBatch = BatchParser.MaxBatch;

    private const int IndexBits = 16;

    private readonly uint[] _entries = new uint[1 << IndexBits];
    private readonly uint[] _distances = new uint[MaxBatch + UsableDistances.Step];
    private readonly UsableDistances _usable = new(MaxBatch);

    /// <summary>What is known of the positions of a batch, which are counted from its first.</summary>
    public readonly ref struct Batch(ref uint distances, ref byte usable)
    {
        private readonly ref uint _distances = ref distances;
        private readonly ref byte _usable = ref usable;

        /// <summary>Whether positions have a distance that is of use: from this one on, which is the lowest bit, <see cref="UsableDistances.Visible"/> or a few more. Those behind the batch have none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong From(nint index) => UsableDistances.From(ref _usable, index);

        /// <summary>The distance of a position, or of the one behind the batch.</summary>
        /// <returns>From 1 to <see cref="Parser.MaxDistance"/> and no farther than the block's start; anything else is of no use.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint DistanceOf(nint index) => Unsafe.Add(ref _distances, index);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _entries.AsSpan().Clear();

    /// <summary>Looks up and enters the positions of a batch, in order.</summary>
    /// <param name="start">The first byte of the block.</param>
    /// <param name="position">The first position, which may not lie before the end of the batch before.</param>
    /// <param name="count">How many, at most <see cref="MaxBatch"/>; the block has three bytes more at least.</param>
    /// <returns>What was found, until the next call.</returns>
    public Batch Find(ref byte start, int position, int count)
    {
        ref uint entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        ref uint distances = ref MemoryMarshal.GetArrayDataReference(_distances);
        ref byte bytes = ref Bytes.At(ref start, position);
        uint here = (uint)(position + Parser.Origin);
        nint i = 0;
        for (; i + 3 < count; i += 4, here += 4)
        {
            ref uint distance = ref Unsafe.Add(ref distances, i);
            distance = Exchange(ref entries, Bytes.Read32(ref bytes, i), here);
            Unsafe.Add(ref distance, 1) = Exchange(ref entries, Bytes.Read32(ref bytes, i + 1), here + 1);
            Unsafe.Add(ref distance, 2) = Exchange(ref entries, Bytes.Read32(ref bytes, i + 2), here + 2);
            Unsafe.Add(ref distance, 3) = Exchange(ref entries, Bytes.Read32(ref bytes, i + 3), here + 3);
        }
        for (; i < count; i++, here++)
            Unsafe.Add(ref distances, i) = Exchange(ref entries, Bytes.Read32(ref bytes, i), here);
        // Nothing is known of what follows the batch.
        _distances.AsSpan(count, UsableDistances.Step).Clear();
        MarkUsable(ref distances, count);
        return new Batch(ref distances, ref _usable.Marks);
    }

    // The factor is odd, so that equal products are equal words: the upper half is the index, the lower half is compared.
    // For what q left and p finds: p - q, plus any multiple of 2^16 if the words differ. Where that is from 1 to 32,767, it is no more than p - q, so there is
    // such a place. An empty entry is like one of 32,768 before the block.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Exchange(ref uint entries, uint word, uint here)
    {
        uint product = word * Parser.HashFactor;
        ref uint entry = ref Unsafe.Add(ref entries, (nint)(product >> IndexBits));
        uint before = entry, now = (product << IndexBits) + here;
        entry = now;
        return now - before;
    }

    private void MarkUsable(ref uint distances, int count)
    {
        ref byte marks = ref _usable.Marks;
        for (nint i = 0; i < count; i += UsableDistances.Step)
            UsableDistances.Mark(ref marks, i, UsableDistances.Among(ref Unsafe.Add(ref distances, i)));
        _usable.ClearBehind(count);
    }
}
