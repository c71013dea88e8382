using System.Text;
using CsCheck;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Tests.Tar;

public sealed class TarTextTests
{
    [Fact]
    public void Any_bytes_come_back_from_their_text() =>
        Gen.Byte.Array[0, 64].Sample(bytes => TarText.Encode(TarText.Decode(bytes)).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void Other_bytes_give_another_text() => Gen.Select(Gen.Byte[0x70, 0xff].Array[0, 6], Gen.Byte[0x70, 0xff].Array[0, 6])
        .Sample((a, b) => a.AsSpan().SequenceEqual(b) == (TarText.Decode(a) == TarText.Decode(b)));

    [Fact]
    public void Valid_text_is_utf8() => Gen.String.Where(text => !text.Any(char.IsSurrogate)).Sample(text =>
        TarText.Encode(text).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)) && TarText.Decode(Encoding.UTF8.GetBytes(text)) == text);

    [Theory]
    [InlineData(0xd800)]
    [InlineData(0xdc00)]
    [InlineData(0xdc7f)]
    [InlineData(0xdd00)]
    public void A_lone_surrogate_that_stands_for_no_byte_has_no_bytes(int surrogate) =>
        Assert.Throws<ArgumentException>(() => TarText.Encode("a" + (char)surrogate));

    [Fact]
    public void Times_are_printed_as_they_are_read() => Gen.Select(Gen.Long, Gen.Int[0, 999_999_999]).Sample((seconds, nanoseconds) =>
    {
        // The smallest second has no decimal form with a fraction: it would begin one second lower.
        TarTime time = new(Math.Max(seconds, -long.MaxValue), nanoseconds);
        return TarTime.TryParse(Encoding.ASCII.GetBytes(time.ToString()), out TarTime again) && again == time;
    });

    [Theory]
    [InlineData(1, 500_000_000, "1.5")]
    [InlineData(-2, 750_000_000, "-1.25")]
    [InlineData(-1, 500_000_000, "-0.5")]
    [InlineData(0, 1, "0.000000001")]
    [InlineData(-3, 0, "-3")]
    public void A_time_prints_as_a_decimal_fraction(long seconds, int nanoseconds, string text) =>
        Assert.Equal(text, new TarTime(seconds, nanoseconds).ToString());

    [Fact]
    public void Times_are_ordered()
    {
        TarTime early = new(-1, 5), late = new(-1, 6), later = new(0);

        Assert.True(early < late && late < later && later > early && early <= late && later >= late);
    }
}
