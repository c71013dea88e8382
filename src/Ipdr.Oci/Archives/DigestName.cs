using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Archives;

/// <summary>File names that are meant to be digests: <c>blobs/sha256/HEX</c>, <c>HEX.json</c>, <c>sha256:HEX</c>.</summary>
internal static class DigestName
{
    /// <summary>Reads the digest that a file name promises; false when it promises none.</summary>
    public static bool TryRead(string path, out Digest digest)
    {
        string[] parts = path.Split('/');
        string name = parts[^1];
        if (parts is [WellKnown.Blobs, var algorithm, _])
            return Digest.TryParse($"{algorithm}:{name}", null, out digest);
        if (parts.Length == 1 && Digest.TryParse(name, null, out digest))
            return true;
        digest = default;
        return parts.Length == 1
            && name.EndsWith(".json", StringComparison.Ordinal)
            && Digest.TryParse($"{DigestAlgorithm.Sha256.Name}:{name[..^".json".Length]}", null, out digest);
    }
}
