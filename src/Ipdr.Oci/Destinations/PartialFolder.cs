using System.Text;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Destinations;

/// <summary>Where blobs wait that are on their way: beside the destination, so that they can be moved into it, or among the user's own temporary files.</summary>
internal static class PartialFolder
{
    private const string Suffix = ".ipdr.partial";
    private const string CacheVariable = "XDG_CACHE_HOME";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>For a file or folder.</summary>
    public static string Beside(string path)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Path.GetDirectoryName(full) is { } parent ? Path.Combine(parent, $".{Path.GetFileName(full)}{Suffix}") : InCache(full);
    }

    /// <summary>For anything else: a folder of the user's cache that nobody else can look into.</summary>
    public static string InCache(string place)
    {
        string name = Digest.OfContent(DigestAlgorithm.Sha256, Encoding.UTF8.GetBytes(place)).Encoded[..32];
        return Path.Combine(CacheRoot(), name);
    }

    /// <summary>A folder to work in, which goes with its owner.</summary>
    public static StagingFolder NewWorkFolder() => StagingFolder.Create(CacheRoot(), "work-");

    private static string CacheRoot()
    {
        // XDG base directories: a relative path is to be ignored.
        string cache = Environment.GetEnvironmentVariable(CacheVariable) is { } named && Path.IsPathRooted(named)
            ? named
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
        string root = Path.Combine(cache, "ipdr");
        DestinationIo.Guard(root, () => OperatingSystem.IsWindows() ? Directory.CreateDirectory(root) : Directory.CreateDirectory(root, Private));
        return root;
    }
}
