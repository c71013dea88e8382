using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Directories;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Where a shard stands in its directory: the bits that the hashes of all names below it begin with (unixfs, "HAMT Sharding").</summary>
/// <param name="Fanout">Buckets of each shard of the directory.</param>
/// <param name="Bits">The bits on the way here, the last one lowest.</param>
/// <param name="BitCount">How many those are.</param>
internal readonly record struct ShardPlace(int Fanout, ulong Bits, int BitCount)
{
    private const int HashBits = 64;

    private int BitsPerLevel => BitOperations.Log2((uint)Fanout);

    private int PrefixLength => (BitOperations.Log2((uint)Fanout - 1) / 4) + 1;

    /// <summary>The bucket in which a name is found from here.</summary>
    public int BucketOf(ReadOnlySpan<byte> name) => (int)(MurmurHash3.Hash64(name) << BitCount >> (HashBits - BitsPerLevel));

    /// <summary>The place below a bucket.</summary>
    public ShardPlace Below(int bucket) => new(Fanout, (Bits << BitsPerLevel) | (uint)bucket, BitCount + BitsPerLevel);

    /// <summary>Reads a link's name.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="name">The bucket's number in upper-case hexadecimal, then the entry's name.</param>
    /// <param name="bucket">The bucket.</param>
    /// <returns>The entry's name; empty where the link leads to another shard.</returns>
    /// <exception cref="Faults.IpdrException">The name is not like that, or does not belong here.</exception>
    public ReadOnlySpan<byte> Read(Cid shard, ReadOnlySpan<byte> name, out int bucket)
    {
        if (name.Length < PrefixLength || !TryReadBucket(name[..PrefixLength], out bucket) || bucket >= Fanout)
            throw DagFaults.BadNode(shard, "a link of a shard does not begin with the number of its bucket");
        ReadOnlySpan<byte> entry = name[PrefixLength..];
        bool belongs = entry.IsEmpty
            ? BitCount + 2 * BitsPerLevel <= HashBits
            : BucketOf(entry) == bucket && (BitCount == 0 || MurmurHash3.Hash64(entry) >> (HashBits - BitCount) == Bits);
        return belongs ? entry : throw DagFaults.BadNode(shard, entry.IsEmpty ? "shards are nested deeper than a hash has bits" : "an entry is in another shard than its name's hash says");
    }

    private static bool TryReadBucket(ReadOnlySpan<byte> digits, out int bucket)
    {
        bool isNumber = Utf8Parser.TryParse(digits, out bucket, out int used, 'X') && used == digits.Length;
        return isNumber && !Encoding.ASCII.GetString(digits).Any(char.IsAsciiLetterLower);
    }
}
