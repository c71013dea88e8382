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

    private readonly Cid[] _parts;
    private readonly int[] _sizes;
    private readonly Dictionary<Multihash, int> _places = [];
    private int _reader;
    private int _next;

    private FilePlan(Cid cid, Cid[] parts, int[] sizes)
    {
        (Cid, _parts, _sizes) = (cid, parts, sizes);
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
            return parts.Length != node.Links.Length
                ? null
                : new FilePlan(cid, parts, [.. message.BlockSizes.Select(size => (int)Math.Min(size + NodeOverhead, maxBlockBytes))]) { MaxGuess = maxBlockBytes };
        }
        catch (IpdrException)
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
