using System.Globalization;
using CsCheck;
using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Tests.Digests.Hashing;

/// <summary>BLAKE3 against what b3sum said of the official vectors' content, and every kernel by the same tests.</summary>
public sealed class Blake3Tests
{
    private const string EmptyHash = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262";

    private static readonly string[] Vectors = File.ReadAllLines(Path.Combine(Fixtures.Folder, "blake3", "vectors.txt"));

    public static TheoryData<string> Kernels => [.. Blake3Content.Kernels.Select(kernel => kernel.ToString())];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_vector_holds(string kernel)
    {
        Assert.NotEmpty(Vectors);
        foreach (string vector in Vectors)
        {
            string[] parts = vector.Split(' ');
            byte[] content = Blake3Content.OfLength(int.Parse(parts[0], CultureInfo.InvariantCulture));
            Assert.Equal(vector, $"{parts[0]} {Blake3Content.Hash(Enum.Parse<Blake3Kernel>(kernel), content)}");
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_kernel_hashes_any_content_as_the_scalar_one_does(string kernel) =>
        Gen.Select(Gen.Int[0, 150_000], Gen.Byte).Sample(
            (length, seed) =>
            {
                byte[] content = Blake3Content.OfLength(length);
                content.AsSpan(length / 2).Fill(seed);
                return Blake3Content.Hash(Enum.Parse<Blake3Kernel>(kernel), content) == Blake3Content.Hash(Blake3Kernel.Scalar, content);
            },
            iter: 200);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_hash_does_not_depend_on_how_the_content_is_cut(string kernel) =>
        Gen.Select(Gen.Int[0, 400_000], Gen.OneOf(Gen.Int[200, 2_000], Gen.Int[16_000, 17_000], Gen.Int[60_000, 300_000])).Sample(
            (length, step) =>
            {
                byte[] content = Blake3Content.OfLength(length);
                Blake3Kernel chosen = Enum.Parse<Blake3Kernel>(kernel);
                return Blake3Content.Hash(new Blake3(chosen), content, step) == Blake3Content.Hash(chosen, content);
            },
            iter: 200);

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_hash_does_not_depend_on_where_a_single_cut_is(string kernel)
    {
        byte[] content = Blake3Content.OfLength(2 * 16 * 1024 + 1);
        Blake3 hash = new(Enum.Parse<Blake3Kernel>(kernel));
        string expected = Blake3Content.Hash(Blake3Kernel.Scalar, content);
        byte[] result = new byte[Blake3.HashLength];
        foreach (int cut in (int[])[0, 1, 63, 64, 65, 1023, 1024, 1025, 16383, 16384, 16385, 17408, 32767, 32768, 32769])
        {
            hash.Append(content.AsSpan(0, cut));
            hash.Append([]);
            hash.Append(content.AsSpan(cut));
            hash.FinishAndReset(result);
            Assert.Equal(expected, Convert.ToHexStringLower(result));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void One_byte_a_piece_is_enough(string kernel)
    {
        byte[] content = Blake3Content.OfLength(20_000);
        Blake3Kernel chosen = Enum.Parse<Blake3Kernel>(kernel);
        Assert.Equal(Blake3Content.Hash(Blake3Kernel.Scalar, content), Blake3Content.Hash(new Blake3(chosen), content, step: 1));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void After_the_hash_the_object_is_as_new(string kernel)
    {
        Blake3 hash = new(Enum.Parse<Blake3Kernel>(kernel));
        string first = Blake3Content.Hash(hash, Blake3Content.OfLength(100_000), 100_000);
        Assert.Equal(EmptyHash, Blake3Content.Hash(hash, [], step: 1));
        Assert.Equal(first, Blake3Content.Hash(hash, Blake3Content.OfLength(100_000), 100_000));
    }

#if !DEBUG // unoptimised code boxes on its way through the static abstract members
    [Fact]
    public void Appending_allocates_nothing()
    {
        byte[] content = Blake3Content.OfLength(1 << 20);
        Blake3 hash = new();
        hash.Append(content);
        long before = GC.GetAllocatedBytesForCurrentThread();
        hash.Append(content);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
#endif

    [Fact]
    public void The_best_kernel_is_one_that_the_processor_has() => Assert.Contains(Blake3Kernels.Best, Blake3Content.Kernels);

    [Fact]
    public void A_kernel_that_the_processor_does_not_have_is_refused()
    {
        foreach (Blake3Kernel kernel in Enum.GetValues<Blake3Kernel>().Except(Blake3Content.Kernels))
            Assert.Throws<PlatformNotSupportedException>(() => new Blake3(kernel));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Blake3((Blake3Kernel)99));
    }
}
