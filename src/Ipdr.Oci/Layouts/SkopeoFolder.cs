using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Layouts;

/// <summary>The folder that skopeo's and podman's <c>dir:</c> transport writes: one image or index, each file called by the hexadecimal digits of its digest.</summary>
internal static class SkopeoFolder
{
    /// <summary>The manifest, or the index, of the whole.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>Tells the version of the transport, in words.</summary>
    public const string VersionFile = "version";

    private const string VersionStart = "Directory Transport Version: 1.";

    /// <summary>What stands in <see cref="VersionFile"/>: the version that knows manifests beside the one of the whole.</summary>
    public static ReadOnlyMemory<byte> Version { get; } = "Directory Transport Version: 1.1\n"u8.ToArray();

    /// <summary>Is it such a folder?</summary>
    public static bool Is(string path)
    {
        try
        {
            using StreamReader reader = new(Path.Combine(path, VersionFile));
            char[] start = new char[VersionStart.Length];
            return reader.ReadBlock(start) == start.Length && start.AsSpan().SequenceEqual(VersionStart);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The file of a manifest that the index names.</summary>
    public static string ManifestPathOf(Digest digest) => BlobPathOf(digest) + "." + Manifest;

    /// <summary>The file of a config or layer. The algorithm is not in the name.</summary>
    public static string BlobPathOf(Digest digest) => digest.Encoded;
}
