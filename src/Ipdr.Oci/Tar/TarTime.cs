using System.Globalization;

namespace Ipdr.Oci.Tar;

/// <summary>A moment: whole seconds since 1970-01-01T00:00:00Z, rounded down, and nanoseconds (0 to 999,999,999) after them.</summary>
public readonly record struct TarTime(long Seconds, int Nanoseconds = 0) : IComparable<TarTime>
{
    private const int NanosecondDigits = 9;
    private const int NanosecondsPerSecond = 1_000_000_000;

    /// <inheritdoc/>
    public int CompareTo(TarTime other) =>
        Seconds == other.Seconds ? Nanoseconds.CompareTo(other.Nanoseconds) : Seconds.CompareTo(other.Seconds);

    /// <summary>Whether one moment is before the other.</summary>
    public static bool operator <(TarTime left, TarTime right) => left.CompareTo(right) < 0;

    /// <summary>Whether one moment is not after the other.</summary>
    public static bool operator <=(TarTime left, TarTime right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one moment is after the other.</summary>
    public static bool operator >(TarTime left, TarTime right) => left.CompareTo(right) > 0;

    /// <summary>Whether one moment is not before the other.</summary>
    public static bool operator >=(TarTime left, TarTime right) => left.CompareTo(right) >= 0;

    /// <summary>The decimal form of pax records: <c>1700000000.5</c>, <c>-1</c>; no zeros at the end of the fraction.</summary>
    public override string ToString()
    {
        if (Nanoseconds == 0)
            return Seconds.ToString(CultureInfo.InvariantCulture);
        // -1.25 is kept as -2 and 750,000,000.
        bool negative = Seconds < 0;
        Int128 seconds = negative ? -(Int128)Seconds - 1 : Seconds;
        int fraction = negative ? NanosecondsPerSecond - Nanoseconds : Nanoseconds;
        string digits = fraction.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{(negative ? "-" : "")}{seconds}.{digits}");
    }

    /// <summary>Reads the decimal form of pax records; digits past the nanosecond are cut off.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> text, out TarTime time)
    {
        time = default;
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<byte> fraction = point < 0 ? [] : text[(point + 1)..];
        if (!TarNumber.TryParseSignedDecimal(whole, out long seconds) || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        int nanoseconds = 0;
        for (int i = 0; i < NanosecondDigits; i++)
            nanoseconds = 10 * nanoseconds + (i < fraction.Length ? fraction[i] - '0' : 0);
        time = nanoseconds != 0 && whole[0] == '-'
            ? new TarTime(seconds - 1, NanosecondsPerSecond - nanoseconds)
            : new TarTime(seconds, nanoseconds);
        return true;
    }
}
