using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;
using Ipdr.Oci.UnixFs.Importing;

namespace Ipdr.Oci.Layouts;

/// <summary>Computes the DAG of a layout that is on the disk.</summary>
public static class LayoutDag
{
    private static readonly Dictionary<string, FileNode> None = [];

    /// <summary>Reads the whole layout. What other runs are preparing inside it is left out.</summary>
    /// <param name="folder">The layout.</param>
    /// <param name="profile">The rules.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="IpdrException">Something there cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<Dag> ReadAsync(string folder, UnixFsProfile profile, CancellationToken cancellationToken = default) => ReadAsync(folder, profile, None, cancellationToken);

    /// <summary>Reads the layout but for the files that are known.</summary>
    /// <param name="folder">The layout.</param>
    /// <param name="profile">The rules.</param>
    /// <param name="known">Files by their path from the layout, with slashes.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    internal static async Task<Dag> ReadAsync(string folder, UnixFsProfile profile, Dictionary<string, FileNode> known, CancellationToken cancellationToken)
    {
        ImportOptions options = new() { Profile = profile, KeepBlocks = true };
        using TreeImport import = new(options, cancellationToken) { Known = known, LeftOut = LayoutDestination.IsStaging };
        return new Dag(await import.RunAsync(folder).ConfigureAwait(false), profile);
    }
}
