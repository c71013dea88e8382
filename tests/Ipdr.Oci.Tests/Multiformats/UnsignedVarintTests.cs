using CsCheck;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Tests.Multiformats;

public sealed class UnsignedVarintTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7f")]
    [InlineData(128UL, "8001")]
    [InlineData(0xb220UL, "a0e402")]
    [InlineData((ulong)long.MaxValue, "ffffffffffffffff7f")]
    public void A_number_has_its_shortest_form(ulong value, string hex)
    {
        byte[] bytes = new byte[UnsignedVarint.LengthOf(value)];
        Assert.Equal(bytes.Length, UnsignedVarint.Write(bytes, value));
        Assert.Equal(hex, Convert.ToHexStringLower(bytes));
        Assert.Equal((VarintFault.None, value, bytes.Length), (UnsignedVarint.Read(bytes, out ulong read, out int length), read, length));
    }

    [Theory]
    [InlineData("", VarintFault.Truncated)]
    [InlineData("80", VarintFault.Truncated)]
    [InlineData("8000", VarintFault.NotMinimal)]
    [InlineData("ff8000", VarintFault.NotMinimal)]
    [InlineData("ffffffffffffffffff01", VarintFault.TooLong)]
    [InlineData("ffffffffffffffffff", VarintFault.TooLong)]
    public void A_number_in_another_form_is_refused(string hex, object fault) =>
        Assert.Equal(fault, UnsignedVarint.Read(Convert.FromHexString(hex), out _, out _));

    [Fact]
    public void More_than_63_bits_cannot_be_written() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => UnsignedVarint.LengthOf(1UL << 63));

    [Fact]
    public void Writing_and_reading_are_inverse() => Gen.ULong[0, long.MaxValue].Sample(value =>
    {
        byte[] bytes = new byte[UnsignedVarint.MaxLength];
        int written = UnsignedVarint.Write(bytes, value);
        return UnsignedVarint.Read(bytes.AsSpan(0, written), out ulong read, out int length) == VarintFault.None && read == value && length == written;
    });
}
