using System.Globalization;
using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Tests.Digests;

/// <summary>BLAKE3 against what b3sum said of the official vectors' input.</summary>
public sealed class Blake3Tests
{
    [Fact]
    public void Every_vector_holds()
    {
        string[] vectors = File.ReadAllLines(Path.Combine(Fixtures.Folder, "blake3", "vectors.txt"));
        Assert.NotEmpty(vectors);
        foreach (string vector in vectors)
        {
            string[] parts = vector.Split(' ');
            byte[] content = new byte[int.Parse(parts[0], CultureInfo.InvariantCulture)];
            for (int i = 0; i < content.Length; i++)
                content[i] = (byte)(i % 251);
            Assert.Equal(parts[1], Digest.OfContent(DigestAlgorithm.Blake3, content).Encoded);
        }
    }
}
