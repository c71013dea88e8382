namespace Ipdr.Oci.Compression.Bzip2;

/// <summary>One block: Huffman codes, move-to-front and zero runs undone when it is read, the Burrows-Wheeler transform and runs while it is given out.</summary>
internal sealed class Bzip2Block(int capacity)
{
    private const int SymbolsPerSelector = 50;
    private const int RunA = 0;
    private const int RunB = 1;
    private const int RunBeforeCount = 4;

    // The low byte is the content, the rest the index of the next byte.
    private readonly uint[] _links = new uint[capacity];
    private int _left;
    private uint _at;
    private int _run;
    private int _repeats;
    private byte _last;
    private uint _crc;

    /// <summary>The checksum that the block states.</summary>
    public uint StatedCrc { get; private set; }

    /// <summary>The checksum of what was given out.</summary>
    public uint ActualCrc => ~_crc;

    /// <summary>Reads a block from behind its magic number on; null, or what is wrong with it.</summary>
    public string? Read(ref Bzip2BitReader bits)
    {
        StatedCrc = bits.ReadUInt32();
        if (bits.ReadBit())
            return "randomised blocks, which bzip2 stopped writing in 1999, are not read";
        uint start = bits.Read(24);
        Span<byte> symbols = stackalloc byte[256];
        int used = ReadSymbols(ref bits, symbols);
        if (used == 0)
            return "a block uses no symbols";
        int groups = (int)bits.Read(3), count = (int)bits.Read(15);
        if (groups is < 2 or > 6 || count == 0)
            return "a block has an impossible number of Huffman tables";
        byte[] selectors = new byte[count];
        if (!ReadSelectors(ref bits, selectors, groups))
            return "a selector of a block names a table that is not there";
        Bzip2Huffman[] tables = new Bzip2Huffman[groups];
        for (int i = 0; i < groups; i++)
        {
            if (ReadTable(ref bits, used + 2) is not { } table)
                return "a code length of a block is out of range";
            tables[i] = table;
        }
        int length = ReadContent(ref bits, symbols[..used], selectors, tables, out string? fault);
        if (fault is not null)
            return fault;
        if (start >= length)
            return "a block starts behind its end";
        Link(length);
        (_left, _at, _run, _repeats, _crc) = (length, _links[start] >> 8, 0, 0, Bzip2Crc.Start);
        return null;
    }

    /// <summary>Gives out the next bytes; 0 at the end of the block.</summary>
    public int Give(Span<byte> output)
    {
        int written = 0;
        while (written < output.Length)
        {
            if (_repeats > 0)
            {
                _repeats--;
                output[written++] = _last;
                _crc = Bzip2Crc.Append(_crc, _last);
                continue;
            }
            if (_left == 0)
                break;
            _left--;
            uint link = _links[_at];
            byte value = (byte)link;
            _at = link >> 8;
            if (_run == RunBeforeCount)
            {
                (_repeats, _run) = (value, 0);
                continue;
            }
            _run = _run > 0 && value == _last ? _run + 1 : 1;
            _last = value;
            output[written++] = value;
            _crc = Bzip2Crc.Append(_crc, value);
        }
        return written;
    }

    private static int ReadSymbols(ref Bzip2BitReader bits, scoped Span<byte> symbols)
    {
        int used = 0;
        uint ranges = bits.Read(16);
        for (int range = 0; range < 16; range++)
        {
            if ((ranges & (0x8000u >> range)) == 0)
                continue;
            uint members = bits.Read(16);
            for (int i = 0; i < 16; i++)
            {
                if ((members & (0x8000u >> i)) != 0)
                    symbols[used++] = (byte)((range << 4) + i);
            }
        }
        return used;
    }

    private static bool ReadSelectors(ref Bzip2BitReader bits, scoped Span<byte> selectors, int groups)
    {
        Span<byte> order = [0, 1, 2, 3, 4, 5];
        for (int i = 0; i < selectors.Length; i++)
        {
            int place = 0;
            while (bits.ReadBit())
            {
                if (++place >= groups)
                    return false;
            }
            selectors[i] = ToFront(order, place);
        }
        return true;
    }

    private static Bzip2Huffman? ReadTable(ref Bzip2BitReader bits, int symbols)
    {
        Span<byte> lengths = stackalloc byte[258];
        int length = (int)bits.Read(5);
        for (int i = 0; i < symbols; i++)
        {
            while (true)
            {
                if (length is < 1 or > Bzip2Huffman.MaxLength)
                    return null;
                if (!bits.ReadBit())
                    break;
                length += bits.ReadBit() ? -1 : 1;
            }
            lengths[i] = (byte)length;
        }
        return new Bzip2Huffman(lengths[..symbols]);
    }

    private int ReadContent(ref Bzip2BitReader bits, scoped Span<byte> symbols, byte[] selectors, Bzip2Huffman[] tables, out string? fault)
    {
        int end = symbols.Length + 1, length = 0, run = 0, runBit = 1, group = -1, left = 0;
        while (true)
        {
            if (left == 0)
            {
                if (++group >= selectors.Length)
                    return Fail("a block goes on behind its last selector", out fault);
                left = SymbolsPerSelector;
            }
            left--;
            int symbol = tables[selectors[group]].Read(ref bits);
            if (symbol is RunA or RunB)
            {
                run += runBit << symbol;
                runBit <<= 1;
                if (run > _links.Length - length)
                    return Fail("a block is longer than its stream allows", out fault);
                continue;
            }
            if (run > 0)
            {
                _links.AsSpan(length, run).Fill(symbols[0]);
                length += run;
                (run, runBit) = (0, 1);
            }
            if (symbol == end)
                break;
            if (symbol < 0 || length == _links.Length)
                return Fail(symbol < 0 ? "bits of a block are no code" : "a block is longer than its stream allows", out fault);
            _links[length++] = ToFront(symbols, symbol - 1);
        }
        fault = null;
        return length;
    }

    private static int Fail(string what, out string? fault)
    {
        fault = what;
        return 0;
    }

    private static byte ToFront(Span<byte> order, int place)
    {
        byte value = order[place];
        order[..place].CopyTo(order[1..]);
        order[0] = value;
        return value;
    }

    // The inverse Burrows-Wheeler transform: where each byte's follower stands.
    private void Link(int length)
    {
        Span<int> next = stackalloc int[256];
        next.Clear();
        for (int i = 0; i < length; i++)
            next[(int)_links[i]]++;
        int sum = 0;
        foreach (ref int start in next)
            (start, sum) = (sum, sum + start);
        for (int i = 0; i < length; i++)
            _links[next[(byte)_links[i]]++] |= (uint)i << 8;
    }
}
