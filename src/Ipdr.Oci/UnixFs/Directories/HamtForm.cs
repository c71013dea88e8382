using System.Buffers;
using System.Numerics;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.DagPb;

namespace Ipdr.Oci.UnixFs.Directories;

/// <summary>How the sharded directories of one profile are built: a tree in which the bits of a name's hash show the way (unixfs, "HAMT Sharding").</summary>
internal sealed class HamtForm(UnixFsProfile profile)
{
    private const int HashBits = 64;
    private const string HexDigits = "0123456789ABCDEF";

    // The most digits that a bucket's number has.
    private const int MostPrefixLength = 3;

    private readonly CidForm _nodes = new(profile.CidVersion, Multicodec.DagPb, profile.Hash);
    private readonly int _fanout = profile.MaxHamtFanout;
    private readonly int _bits = BitOperations.Log2((uint)profile.MaxHamtFanout);
    private readonly int _prefixLength = (BitOperations.Log2((uint)profile.MaxHamtFanout - 1) / 4) + 1;

    /// <summary>Makes a directory of these entries.</summary>
    /// <exception cref="IpdrException">Two names have the same hash.</exception>
    public ShardedDirectoryNode Build(DirectoryEntry[] entries, UnixFsMetadata metadata, bool keep)
    {
        ulong[] hashes = [.. entries.Select(entry => MurmurHash3.Hash64(entry.Name))];
        DirectoryEntry[] byHash = [.. entries];
        Array.Sort(hashes, byHash);
        HamtShard root = Shard(hashes, byHash, 0, metadata);
        return new ShardedDirectoryNode(root.Cid, root.CumulativeSize, this, keep ? root : null, keep ? entries : null);
    }

    /// <summary>Writes the block of a shard.</summary>
    public void Write(Span<byte> block, HamtSlot[] slots, UnixFsMetadata metadata)
    {
        ProtobufWriter writer = new(block);
        Span<byte> prefix = stackalloc byte[MostPrefixLength];
        foreach (HamtSlot slot in slots)
        {
            Cid cid = slot.Cid;
            WritePrefix(prefix, slot.Bucket);
            cid.CopyTo(DagPbWriter.StartLink(ref writer, cid.Length, _prefixLength + slot.Name.Length, slot.CumulativeSize));
            DagPbWriter.EndLink(ref writer, prefix[.._prefixLength], slot.Name, slot.CumulativeSize);
        }
        Span<byte> bitfield = stackalloc byte[UnixFsProfile.MostHamtFanout / 8];
        ReadOnlySpan<byte> used = WriteBitfield(bitfield[..(_fanout / 8)], slots);
        DagPbWriter.StartData(ref writer, UnixFsData.ShardLength(used.Length, _fanout, metadata));
        UnixFsData.WriteShard(ref writer, used, _fanout, metadata);
    }

    // All entries here have the first bits in common, as many as were used to come here.
    private HamtShard Shard(ReadOnlySpan<ulong> hashes, ReadOnlySpan<DirectoryEntry> entries, int usedBits, UnixFsMetadata metadata)
    {
        if (usedBits + _bits > HashBits)
            throw SameHash(entries);
        List<HamtSlot> slots = [];
        for (int first = 0, count; first < hashes.Length; first += count)
        {
            int bucket = Bucket(hashes[first], usedBits);
            count = 1;
            while (first + count < hashes.Length && Bucket(hashes[first + count], usedBits) == bucket)
                count++;
            slots.Add(count == 1
                ? new HamtSlot(bucket, entries[first], null)
                : new HamtSlot(bucket, default, Shard(hashes.Slice(first, count), entries.Slice(first, count), usedBits + _bits, default)));
        }
        return Shard([.. slots], metadata);
    }

    private HamtShard Shard(HamtSlot[] slots, UnixFsMetadata metadata)
    {
        int length = DagPbWriter.DataLength(UnixFsData.ShardLength((slots[^1].Bucket / 8) + 1, _fanout, metadata));
        long below = 0;
        foreach (HamtSlot slot in slots)
        {
            length += DagPbWriter.LinkLength(slot.Cid.Length, _prefixLength + slot.Name.Length, slot.CumulativeSize);
            below += slot.CumulativeSize;
        }
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        Span<byte> block = rented.AsSpan(0, length);
        Write(block, slots, metadata);
        HamtShard shard = new(_nodes.OfBlock(block), length, length + below, slots, metadata);
        ArrayPool<byte>.Shared.Return(rented);
        return shard;
    }

    // Bits are used from the most significant end of the hash.
    private int Bucket(ulong hash, int usedBits) => (int)(hash << usedBits >> (HashBits - _bits));

    private void WritePrefix(Span<byte> prefix, int bucket)
    {
        for (int i = _prefixLength - 1; i >= 0; i--, bucket >>= 4)
            prefix[i] = (byte)HexDigits[bucket & 0xf];
    }

    // A number with the most significant byte first and no leading zeros; bit i says that bucket i is used.
    private static ReadOnlySpan<byte> WriteBitfield(Span<byte> bitfield, HamtSlot[] slots)
    {
        bitfield.Clear();
        foreach (HamtSlot slot in slots)
            bitfield[^((slot.Bucket / 8) + 1)] |= (byte)(1 << (slot.Bucket % 8));
        return bitfield[^((slots[^1].Bucket / 8) + 1)..];
    }

    private static IpdrException SameHash(ReadOnlySpan<DirectoryEntry> entries)
    {
        string what = $"\"{entries[0].Text}\" and \"{entries[1].Text}\" have the same hash, so no sharded directory can hold both";
        return new IpdrException(new Fault(FaultCode.NameConflict, what, "", "Give one of them another name."));
    }
}
