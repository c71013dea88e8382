namespace Ipdr.Oci.Compression.Deflate;

/// <summary>A Huffman code over a fixed alphabet, no longer than a limit: lengths by counts, codes by lengths (RFC 1951, section 3.2.2).</summary>
/// <param name="symbols">How many symbols the alphabet has, at most 512.</param>
/// <param name="maxLength">The longest code allowed, in bits.</param>
internal sealed class HuffmanCode(int symbols, int maxLength)
{
    // A key holds a count above its symbol.
    private const int SymbolBits = 9;
    private const int SymbolMask = (1 << SymbolBits) - 1;
    private const int DigitBits = 6;
    private const int Digits = 1 << DigitBits;

    private readonly byte[] _lengths = new byte[symbols];
    private readonly ushort[] _codes = new ushort[symbols];
    private readonly uint[] _keys = new uint[symbols];
    private readonly uint[] _spare = new uint[symbols];
    private readonly int[] _tree = new int[symbols];
    private readonly int[] _lengthCounts = new int[DeflateFormat.MaxCodeLength + 1];

    /// <summary>Length of each symbol's code in bits; 0 for symbols that have none.</summary>
    public ReadOnlySpan<byte> Lengths => _lengths;

    /// <summary>Each symbol's code, first bit lowest, as it is written.</summary>
    public ReadOnlySpan<ushort> Codes => _codes;

    /// <summary>Makes the code that is shortest for these counts. It is complete also where fewer than two symbols occur.</summary>
    /// <param name="counts">How often each symbol occurs, less than 2²³ times.</param>
    public void Build(ReadOnlySpan<int> counts)
    {
        _lengths.AsSpan().Clear();
        Span<uint> keys = SortedKeys(counts);
        if (keys.Length < 2)
        {
            // Some readers refuse codes with a hole: two symbols with a bit each have none.
            int only = keys.IsEmpty ? 0 : (int)(keys[0] & SymbolMask);
            _lengths[only] = _lengths[only == 0 ? 1 : 0] = 1;
        }
        else
        {
            CountLengths(keys);
            AssignLengths(keys);
        }
        AssignCodes();
    }

    /// <summary>Takes the lengths as they are.</summary>
    public void SetLengths(ReadOnlySpan<byte> lengths)
    {
        lengths.CopyTo(_lengths);
        AssignCodes();
    }

    // Symbols that occur, by count and then by symbol: a radix sort, which is stable and has no branches to mispredict.
    private Span<uint> SortedKeys(ReadOnlySpan<int> counts)
    {
        int used = 0, all = 0;
        for (int symbol = 0; symbol < counts.Length; symbol++)
        {
            if (counts[symbol] == 0)
                continue;
            _keys[used++] = ((uint)counts[symbol] << SymbolBits) | (uint)symbol;
            all |= counts[symbol];
        }
        Span<uint> keys = _keys.AsSpan(0, used), spare = _spare.AsSpan(0, used);
        Span<int> starts = stackalloc int[Digits];
        for (int shift = SymbolBits; all != 0; shift += DigitBits, all >>= DigitBits)
        {
            starts.Clear();
            foreach (uint key in keys)
                starts[(int)(key >> shift) & (Digits - 1)]++;
            int start = 0;
            for (int digit = 0; digit < Digits; digit++)
                (starts[digit], start) = (start, start + starts[digit]);
            foreach (uint key in keys)
                spare[starts[(int)(key >> shift) & (Digits - 1)]++] = key;
            Span<uint> sorted = spare;
            spare = keys;
            keys = sorted;
        }
        return keys;
    }

    // Moffat and Katajainen's in-place method, which gives the depth of every leaf of a Huffman tree; then the limit.
    private void CountLengths(ReadOnlySpan<uint> keys)
    {
        Span<int> tree = _tree.AsSpan(0, keys.Length);
        for (int i = 0; i < keys.Length; i++)
            tree[i] = (int)(keys[i] >> SymbolBits);
        JoinNodes(tree);
        Span<int> lengthCounts = _lengthCounts;
        lengthCounts.Clear();
        CountLeaves(tree, lengthCounts);
    }

    // Afterwards an inner node holds its parent's index; the root is the last but one.
    private static void JoinNodes(Span<int> tree)
    {
        int leaf = 0, root = 0, count = tree.Length;
        for (int next = 0; next < count - 1; next++)
        {
            int sum = 0;
            for (int child = 0; child < 2; child++)
            {
                if (leaf >= count || (root < next && tree[root] < tree[leaf]))
                {
                    sum += tree[root];
                    tree[root++] = next;
                }
                else
                {
                    sum += tree[leaf++];
                }
            }
            tree[next] = sum;
        }
    }

    // Walks the levels from the root. Where a level lies beyond the limit its leaves move up, and what they take there is
    // paid for by the deepest leaves that still can go down: the sum of 2^-length stays 1.
    private void CountLeaves(Span<int> tree, Span<int> lengthCounts)
    {
        int root = tree.Length - 2;
        lengthCounts[1] = 2;
        tree[root] = 0;
        for (int node = root - 1; node >= 0; node--)
        {
            int depth = tree[tree[node]] + 1;
            tree[node] = depth;
            int length = depth;
            if (length >= maxLength)
            {
                length = maxLength - 1;
                while (lengthCounts[length] == 0)
                    length--;
            }
            lengthCounts[length]--;
            lengthCounts[length + 1] += 2;
        }
    }

    // The rarest symbols get the longest codes; of equally rare ones the first.
    private void AssignLengths(ReadOnlySpan<uint> keys)
    {
        int next = 0;
        for (int length = maxLength; length > 0; length--)
        {
            for (int i = 0; i < _lengthCounts[length]; i++)
                _lengths[keys[next++] & SymbolMask] = (byte)length;
        }
    }

    private void AssignCodes()
    {
        Span<int> next = stackalloc int[DeflateFormat.MaxCodeLength + 2];
        next.Clear();
        foreach (byte length in _lengths)
            next[length + 1]++;
        next[1] = 0;
        for (int length = 1; length <= DeflateFormat.MaxCodeLength; length++)
            next[length + 1] = (next[length] + next[length + 1]) << 1;
        for (int symbol = 0; symbol < _lengths.Length; symbol++)
        {
            // A symbol without a code gets 0: all sixteen bits are shifted out.
            int length = _lengths[symbol];
            _codes[symbol] = Reverse((uint)next[length]++, length);
        }
    }

    private static ushort Reverse(uint code, int length)
    {
        code = ((code & 0x5555) << 1) | ((code >> 1) & 0x5555);
        code = ((code & 0x3333) << 2) | ((code >> 2) & 0x3333);
        code = ((code & 0x0F0F) << 4) | ((code >> 4) & 0x0F0F);
        code = ((code & 0x00FF) << 8) | (code >> 8);
        return (ushort)(code >> (16 - length));
    }
}
