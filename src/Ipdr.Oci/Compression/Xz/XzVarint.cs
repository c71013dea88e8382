namespace Ipdr.Oci.Compression.Xz;

/// <summary>Multibyte integers of the .xz format (section 1.2): seven bits a byte, the low ones first, at most nine bytes.</summary>
internal static class XzVarint
{
    public const int MaxLength = 9;

    /// <summary>Reads one from the front; false when it is malformed or not all there.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> input, out long value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(MaxLength, input.Length); i++)
        {
            value |= (long)(input[i] & 0x7f) << (7 * i);
            if (input[i] >= 0x80)
                continue;
            bool shortest = i == 0 || input[i] != 0;
            input = input[(i + 1)..];
            return shortest;
        }
        return false;
    }
}
