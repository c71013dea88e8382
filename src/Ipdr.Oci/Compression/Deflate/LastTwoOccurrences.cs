using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Compression.Deflate;

/// <summary>For each position of a batch, how far back its four bytes occurred the last time, and the time before. For one thread at a time.</summary>
/// <remarks>As <see cref="LastOccurrences"/>, with two entries in each place: the newer one becomes the older one when a position is entered.</remarks>
internal sealed class LastTwoOccurrences
{
    /// <summary>The most positions of a batch.</summary>
    public const int MaxBatch = BatchParser.MaxBatch;

    private const int IndexBits = 16;
    private const int EntryBits = 32;

    // The newer entry below the older one.
    private readonly ulong[] _entries = new ulong[1 << IndexBits];
    private readonly uint[] _newer = new uint[MaxBatch + UsableDistances.Step];
    private readonly uint[] _older = new uint[MaxBatch + UsableDistances.Step];
    private readonly UsableDistances _usable = new(MaxBatch);

    /// <summary>What is known of the positions of a batch, which are counted from its first.</summary>
    public readonly ref struct Batch(ref uint newer, ref uint older, ref byte usable)
    {
        private readonly ref uint _newer = ref newer;
        private readonly ref uint _older = ref older;
        private readonly ref byte _usable = ref usable;

        /// <summary>Whether positions have a distance that is of use: from this one on, which is the lowest bit, <see cref="UsableDistances.Visible"/> or a few more. Those behind the batch have none.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong From(nint index) => UsableDistances.From(ref _usable, index);

        /// <summary>The distance of the last occurrence, for a position or the one behind the batch.</summary>
        /// <returns>From 1 to <see cref="Parser.MaxDistance"/> and no farther than the block's start; anything else is of no use.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint NewerOf(nint index) => Unsafe.Add(ref _newer, index);

        /// <summary>The same for the occurrence before that.</summary>
        /// <returns>As for <see cref="NewerOf"/>.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public uint OlderOf(nint index) => Unsafe.Add(ref _older, index);
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
        ref ulong entries = ref MemoryMarshal.GetArrayDataReference(_entries);
        ref uint newer = ref MemoryMarshal.GetArrayDataReference(_newer);
        ref uint older = ref MemoryMarshal.GetArrayDataReference(_older);
        ref byte bytes = ref Bytes.At(ref start, position);
        uint here = (uint)(position + Parser.Origin);
        for (nint i = 0; i < count; i++, here++)
        {
            uint product = Bytes.Read32(ref bytes, i) * Parser.HashFactor;
            ref ulong entry = ref Unsafe.Add(ref entries, (nint)(product >> (32 - IndexBits)));
            ulong before = entry;
            uint now = (product << IndexBits) + here;
            entry = (before << EntryBits) | now;
            Unsafe.Add(ref newer, i) = now - (uint)before;
            Unsafe.Add(ref older, i) = now - (uint)(before >> EntryBits);
        }
        // Nothing is known of what follows the batch.
        _newer.AsSpan(count, UsableDistances.Step).Clear();
        _older.AsSpan(count, UsableDistances.Step).Clear();
        MarkUsable(ref newer, ref older, count);
        return new Batch(ref newer, ref older, ref _usable.Marks);
    }

    private void MarkUsable(ref uint newer, ref uint older, int count)
    {
        ref byte marks = ref _usable.Marks;
        for (nint i = 0; i < count; i += UsableDistances.Step)
            UsableDistances.Mark(ref marks, i, UsableDistances.Among(ref Unsafe.Add(ref newer, i)) | UsableDistances.Among(ref Unsafe.Add(ref older, i)));
        _usable.ClearBehind(count);
    }
}
