namespace Ipdr.Oci.Car;

/// <summary>Tells CARs from other files.</summary>
internal static class CarSniffer
{
    /// <summary>Bytes that <see cref="LooksLikeCar(ReadOnlySpan{byte})"/> wants to see.</summary>
    public const int PrefixLength = 16;

    // Longest varint of a header within the limit, and the byte that says how many members follow.
    private const int MaxKeyOffset = 5;

    // {"roots": …} in CBOR, which both versions of a CAR begin with after one or two bytes of length.
    private static ReadOnlySpan<byte> RootsKey => "eroots"u8;

    /// <summary>Does a file begin as a CAR does?</summary>
    public static bool LooksLikeCar(ReadOnlySpan<byte> start)
    {
        if (start.StartsWith(CarHeaderCodec.Pragma))
            return true;
        int key = start.IndexOf(RootsKey);
        return key is > 1 and <= MaxKeyOffset && start[key - 1] == 0xa2;
    }
}
