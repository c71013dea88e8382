using System.Text;
using Ipdr.Oci.UnixFs.Directories;

namespace Ipdr.Oci.Tests.UnixFs;

public sealed class MurmurHash3Tests
{
    // The first is known from Kubo's shards; the others are by a Python program, written from the published algorithm.
    [Theory]
    [InlineData("470.txt", 0x006e88df5847e67cul)]
    [InlineData("", 0x0000000000000000ul)]
    [InlineData("a", 0x85555565f6597889ul)]
    [InlineData("12345678", 0x3b4a640638b1419cul)]
    [InlineData("123456789", 0x3c84645edb66cca4ul)]
    [InlineData("0123456789abcdef", 0x4be06d94cf4ad1a7ul)]
    [InlineData("0123456789abcdef0", 0xeb24ae8785a5c075ul)]
    public void The_first_half_is_that_of_other_implementations(string name, ulong hash) =>
        Assert.Equal(hash, MurmurHash3.Hash64(Encoding.UTF8.GetBytes(name)));
}
