using System.IO.Hashing;
using System.Security.Cryptography;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>Where the blocks of a CAR are: 16 bytes a block, the hash of a name and a place to look at.</summary>
/// <remarks>
/// A place is a hint: whoever goes there reads the name that stands there. The hashes are seeded anew each time, so that nobody can
/// prepare many names with the same one.
/// </remarks>
internal sealed class BlockIndex
{
    private readonly long _seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private ulong[] _keys = new ulong[64];
    private long[] _offsets = new long[64];

    public int Count { get; private set; }

    public void Add(Cid cid, long offset)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, 2 * Count);
            Array.Resize(ref _offsets, 2 * Count);
        }
        (_keys[Count], _offsets[Count]) = (KeyOf(cid), offset);
        Count++;
    }

    /// <summary>To be called once, after the last block and before the first look-up.</summary>
    public void Sort() => Array.Sort(_keys, _offsets, 0, Count);

    /// <summary>All places where the block may be.</summary>
    public IEnumerable<long> Find(Cid cid)
    {
        ulong key = KeyOf(cid);
        int found = Array.BinarySearch(_keys, 0, Count, key);
        while (found > 0 && _keys[found - 1] == key)
            found--;
        for (; found >= 0 && found < Count && _keys[found] == key; found++)
            yield return _offsets[found];
    }

    private ulong KeyOf(Cid cid)
    {
        Span<byte> bytes = stackalloc byte[Cid.MaxLength];
        return XxHash3.HashToUInt64(bytes[..cid.Hash.CopyTo(bytes)], _seed);
    }
}
