namespace Ipdr.Oci.Multiformats;

/// <summary>The bases with their prefixes (multibase specification).</summary>
internal static class MultibaseTable
{
    private const string LowerBase32 = "abcdefghijklmnopqrstuvwxyz234567";
    private const string LowerBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string LowerBase16 = "0123456789abcdef";

    // By the values of the enumeration.
    private static readonly (char Prefix, BaseEncoding Encoding)[] Bases =
    [
        ('b', new BitEncoding(LowerBase32, bits: 5)),
        ('B', new BitEncoding(LowerBase32.ToUpperInvariant(), bits: 5)),
        ('c', new BitEncoding(LowerBase32, bits: 5, isPadded: true)),
        ('k', new NumberEncoding(LowerBase36)),
        ('K', new NumberEncoding(LowerBase36.ToUpperInvariant())),
        ('z', new NumberEncoding("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")),
        ('u', new BitEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bits: 6)),
        ('f', new BitEncoding(LowerBase16, bits: 4)),
        ('F', new BitEncoding(LowerBase16.ToUpperInvariant(), bits: 4)),
    ];

    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static char PrefixOf(Multibase @base) => Find(@base).Prefix;

    /// <exception cref="ArgumentOutOfRangeException">The value is none of the enumeration's.</exception>
    public static BaseEncoding EncodingOf(Multibase @base) => Find(@base).Encoding;

    /// <summary>The base of a prefix, or null.</summary>
    public static BaseEncoding? OfPrefix(char prefix)
    {
        foreach ((char known, BaseEncoding encoding) in Bases)
        {
            if (known == prefix)
                return encoding;
        }
        return null;
    }

    private static (char Prefix, BaseEncoding Encoding) Find(Multibase @base) =>
        (uint)@base < (uint)Bases.Length ? Bases[(int)@base] : throw new ArgumentOutOfRangeException(nameof(@base));
}
