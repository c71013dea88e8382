using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Ipdr.Oci.Verification.Layers;

/// <summary>Stands for a path where millions of them have to be remembered: 64 bits of a hash.</summary>
/// <remarks>Two of a million paths have the same key with a chance of one to thirty million; the harm is one finding too many or too few.</remarks>
internal static class PathKey
{
    private const int MaxOnStack = 256;

    public static ulong Of(ReadOnlySpan<char> path) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(path));

    /// <summary>The same for all paths that differ only in the case of their letters.</summary>
    public static ulong OfAnyCase(ReadOnlySpan<char> path)
    {
        char[]? rented = path.Length > MaxOnStack ? ArrayPool<char>.Shared.Rent(path.Length) : null;
        Span<char> upper = rented ?? stackalloc char[MaxOnStack];
        int length = path.ToUpperInvariant(upper);
        ulong key = Of(upper[..length]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return key;
    }

    /// <summary>Keys of all folders that a path is in, the innermost first; the root is not among them.</summary>
    public static IEnumerable<ulong> OfFolders(string path)
    {
        for (int end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
            yield return Of(path.AsSpan(0, end));
    }
}
