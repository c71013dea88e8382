using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>The parts of a file's node, in the order in which a reader will ask for them. Not safe for several threads.</summary>
internal sealed class FilePlan
{
    // Bytes of a node beside the content in it.
    private const int NodeOverhead = 64;

    // Smaller blocks than are common do not get longer runs.
    private const int MaxRunParts = 256;

    // The largest chunk that is common; a node around it adds little.
    private const int MaxLeafBytes = (1 << 20) + NodeOverhead;

    private readonly Cid[] _parts;
    private readonly int[] _sizes;
    private readonly long[] _starts;
    private readonly Dictionary<Multihash, int> _places = [];
    private int _reader;
    private int _next;

    private FilePlan(Cid cid, Cid[] parts, int[] sizes, long[] starts)
    {
        (Cid, _parts, _sizes, _starts) = (cid, parts, sizes, starts);
        for (int i = parts.Length - 1; i >= 0; i--)
            _places[parts[i].Hash] = i;
    }

    /// <summary>The node.</summary>
    public Cid Cid { get; }

    public IReadOnlyList<Cid> Parts => _parts;

    /// <summary>When the reader last asked for a part.</summary>
    public long LastUse { get; private set; }

    /// <summary>Whether the last part was asked for.</summary>
    public bool IsRead => _reader == _parts.Length;

    /// <summary>Parts between the reader and the next one to fetch.</summary>
    public int Ahead => _next - _reader;

    /// <summary>Whether there is something to fetch: not before a first part was asked for, since many only look at the top of a file. A node that has
    /// parts itself is fetched when the one before it is being read.</summary>
    public bool CanGoOn => _reader > 0 && _next < _parts.Length && (_parts[_next].Codec == Multicodec.Raw || _sizes[_next] < MaxGuess || Ahead < 1);

    private int MaxGuess { get; init; }

    /// <summary>Whether several parts may be asked for in one answer; not any more when that has failed for a reason that lies in the file.</summary>
    public bool HasRuns { get; set; } = true;

    /// <summary>Where a part begins in the file, in bytes; for the number of parts, where the last one ends.</summary>
    public long StartOf(int part) => _starts[part];

    /// <summary>How many parts from the next one on can be asked for in one answer, and the bytes that they count.</summary>
    /// <param name="maxBytes">Not more than these, but for the first part.</param>
    /// <param name="isHere">Whether a part is there already.</param>
    public (int Count, int Bytes) MeasureRun(int maxBytes, Func<Cid, bool> isHere)
    {
        HashSet<Multihash> asked = [Cid.Hash];
        int count = 0, bytes = 0;
        for (int i = _next; HasRuns && i < _parts.Length && count < MaxRunParts; i++, count++)
        {
            // What comes twice is sent once, and a node with parts of its own is another file.
            bool isLeaf = _parts[i].Codec == Multicodec.Raw || _sizes[i] <= MaxLeafBytes;
            if (!isLeaf || (count > 0 && _sizes[i] > maxBytes - bytes) || isHere(_parts[i]) || !asked.Add(_parts[i].Hash))
                break;
            bytes += _sizes[i];
        }
        return (count, bytes);
    }

    /// <summary>Takes the next parts out.</summary>
    /// <returns>The number of the first.</returns>
    public int TakeRun(int count)
    {
        int first = _next;
        _next += count;
        return first;
    }

    /// <summary>Says that parts from this one on have not come, so that they are fetched again.</summary>
    public void GoBackTo(int part) => _next = Math.Max(_reader, Math.Min(_next, part));

    /// <summary>Whether a block is one of the parts.</summary>
    public bool Has(Cid cid) => _places.ContainsKey(cid.Hash);

    /// <summary>Bytes that a part counts.</summary>
    public int BytesOf(int part) => _sizes[part];

    /// <summary>The plan for a checked block; null if it is no node of a file with parts.</summary>
    public static FilePlan? Of(Cid cid, ReadOnlySpan<byte> block, int maxBlockBytes)
    {
        try
        {
            DagLimits limits = new();
            DagPbNode node = DagPbNode.Decode(cid, block, limits.MaxLinks);
            if (node.Links.Length == 0 || node.Data is not { } data)
                return null;
            UnixFsMessage message = UnixFsMessage.Decode(cid, block[data], limits.MaxLinks);
            if (message.Type is not (UnixFsType.File or UnixFsType.Raw) || message.BlockSizes.Count != node.Links.Length)
                return null;
            Cid[] parts = [.. node.Links.Select(link => link.Cid).Where(part => part.Hash.Code != MultihashCode.Identity && part.Hash.IsVerifiable)];
            if (parts.Length != node.Links.Length)
                return null;
            long[] starts = new long[parts.Length + 1];
            starts[0] = message.DataLength;
            for (int i = 0; i < parts.Length; i++)
                starts[i + 1] = checked(starts[i] + message.BlockSizes[i]);
            return new FilePlan(cid, parts, [.. message.BlockSizes.Select(size => (int)Math.Min(size + NodeOverhead, maxBlockBytes))], starts) { MaxGuess = maxBlockBytes };
        }
        catch (Exception e) when (e is IpdrException or OverflowException)
        {
            // Whoever reads the node says what is wrong with it.
            return null;
        }
    }

    /// <summary>The reader asks for a part; those before it will not be wanted any more.</summary>
    /// <param name="part">One of the parts.</param>
    /// <param name="now">The time.</param>
    /// <returns>What was passed over since the last call, and may have been fetched.</returns>
    public IEnumerable<Cid> MoveTo(Cid part, long now)
    {
        LastUse = now;
        int place = _places[part.Hash];
        if (place < _reader)
            return [];
        Range passed = _reader..place;
        _reader = place + 1;
        _next = Math.Max(_next, _reader);
        return _parts[passed];
    }

    /// <summary>The next part to fetch, and how many bytes it will have.</summary>
    public (Cid Cid, int Bytes) Next()
    {
        int index = _next++;
        return (_parts[index], _sizes[index]);
    }
}
