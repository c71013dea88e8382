using Ipdr.Oci.Digests.Hashing;

namespace Ipdr.Oci.Tests.Digests.Hashing;

/// <summary>The content that the official BLAKE3 vectors hash, and the kernels to hash it by.</summary>
internal static class Blake3Content
{
    /// <summary>The kernels that this processor has.</summary>
    public static IEnumerable<Blake3Kernel> Kernels => Enum.GetValues<Blake3Kernel>().Where(Blake3Kernels.IsSupported);

    /// <summary>Byte i is i mod 251.</summary>
    public static byte[] OfLength(int length)
    {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++)
            content[i] = (byte)(i % 251);
        return content;
    }

    /// <summary>The hash by one kernel of content that comes in one piece.</summary>
    public static string Hash(Blake3Kernel kernel, ReadOnlySpan<byte> content) =>
        Hash(new Blake3(kernel), content, Math.Max(1, content.Length));

    /// <summary>The hash of content that comes in pieces of <paramref name="step"/> bytes.</summary>
    public static string Hash(Blake3 hash, ReadOnlySpan<byte> content, int step)
    {
        for (; content.Length > step; content = content[step..])
            hash.Append(content[..step]);
        hash.Append(content);
        byte[] result = new byte[Blake3.HashLength];
        hash.FinishAndReset(result);
        return Convert.ToHexStringLower(result);
    }
}
