using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Layouts;

/// <summary>Looks at what is where a layout shall be written.</summary>
internal static class LayoutInspection
{
    // host/a/b/c/manifests: repositories are rarely deeper.
    private const int MaxRepositoryDepth = 8;

    private const string Remedy = "Choose another place with -o, or remove what is there.";

    /// <summary>Is there nothing, an empty folder, or a layout to add to?</summary>
    /// <exception cref="IpdrException">Something else is there; <see cref="FaultCode.DestinationExists"/>.</exception>
    public static DestinationState Look(string path, LayoutKind kind, string stagingPrefix)
    {
        if (File.Exists(path))
            throw new IpdrException(new Fault(FaultCode.DestinationExists, "a file is where the layout shall be", path, Remedy));
        if (!Directory.Exists(path))
            return DestinationState.Absent;
        string[] entries = [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)).Where(name => !name.StartsWith(stagingPrefix, StringComparison.Ordinal))];
        bool indexed = entries.Contains(OciLayout.IndexFile);
        if (!indexed && entries.All(name => name is "blobs" or "manifests" or OciLayout.MarkerFile))
            return DestinationState.Empty;
        if (kind == LayoutKind.RegistryV2)
            return HasRepository(path, 0) ? DestinationState.Layout : throw Foreign(path, "a folder of registry-v2 repositories");
        if (!indexed || !entries.Contains(OciLayout.MarkerFile))
            throw Foreign(path, "an OCI image layout");
        _ = ReadIndex(Path.Combine(path, OciLayout.IndexFile));
        return DestinationState.Layout;
    }

    /// <summary>Reads the index of a layout on disk.</summary>
    /// <exception cref="IpdrException">It cannot be read, or is no index.</exception>
    public static ImageIndex ReadIndex(string path)
    {
        byte[] bytes = DestinationIo.Guard(path, () =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > Document.MaxBytes)
                throw new IpdrException(new Fault(FaultCode.Limit, $"the index is larger than {Document.MaxBytes} bytes", path, Remedy));
            byte[] content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        });
        return Document.ReadIndex(bytes, path);
    }

    private static bool HasRepository(string path, int depth) =>
        (Directory.Exists(Path.Combine(path, "manifests")) && Directory.Exists(Path.Combine(path, "blobs")))
        || (depth < MaxRepositoryDepth && Directory.EnumerateDirectories(path).Any(folder => HasRepository(folder, depth + 1)));

    private static IpdrException Foreign(string path, string wanted) =>
        new(new Fault(FaultCode.DestinationExists, $"the folder is not empty and not {wanted}", path, Remedy));
}
