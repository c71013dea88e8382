using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>Writes the index of a version 2, MultihashIndexSorted (CARv2, "Format 0x0401").</summary>
/// <remarks>
/// The bytes are those of go-car, which differ from the specification's text: the length of each bucket is in bytes, not in records. For each
/// hash function: code, number of widths; for each width: width, length, and records of digest and offset in the order of their bytes.
/// </remarks>
internal static class MultihashIndex
{
    // The varint of 0x0401.
    private static ReadOnlySpan<byte> Codec => [0x81, 0x08];

    // Flushed in pieces, so that a large index is not in memory a second time.
    private const int FlushBytes = 64 << 10;

    public static async ValueTask WriteAsync(PipeWriter output, List<IndexEntry> entries, CancellationToken cancellationToken)
    {
        entries.Sort(Compare);
        output.Write(Codec);
        WriteInt32(output, entries.Select(entry => entry.Hash.Code).Distinct().Count());
        int unflushed = 0;
        for (int first = 0; first < entries.Count;)
        {
            MultihashCode code = entries[first].Hash.Code;
            int end = EndOf(entries, first, entry => entry.Hash.Code == code);
            WriteInt64(output, (long)code);
            WriteInt32(output, entries.Skip(first).Take(end - first).Select(Width).Distinct().Count());
            for (; first < end;)
            {
                int width = Width(entries[first]), last = EndOf(entries, first, entry => entry.Hash.Code == code && Width(entry) == width);
                WriteInt32(output, width);
                WriteInt64(output, (long)width * (last - first));
                for (; first < last; first++)
                {
                    WriteRecord(output, entries[first]);
                    if ((unflushed += width) < FlushBytes)
                        continue;
                    await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                    unflushed = 0;
                }
            }
        }
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static int Compare(IndexEntry one, IndexEntry other)
    {
        Multihash a = one.Hash, b = other.Hash;
        int order = a.Code.CompareTo(b.Code);
        if (order == 0)
            order = a.Digest.Length.CompareTo(b.Digest.Length);
        return order == 0 ? a.Digest.SequenceCompareTo(b.Digest) : order;
    }

    private static int Width(IndexEntry entry)
    {
        Multihash hash = entry.Hash;
        return hash.Digest.Length + sizeof(long);
    }

    private static int EndOf(List<IndexEntry> entries, int first, Predicate<IndexEntry> belongs) =>
        entries.FindIndex(first, entry => !belongs(entry)) is var end and >= 0 ? end : entries.Count;

    private static void WriteRecord(PipeWriter output, IndexEntry entry)
    {
        Multihash hash = entry.Hash;
        output.Write(hash.Digest);
        WriteInt64(output, entry.Offset);
    }

    private static void WriteInt32(PipeWriter output, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    private static void WriteInt64(PipeWriter output, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }
}
