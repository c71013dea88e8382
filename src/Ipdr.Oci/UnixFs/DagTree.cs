using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs.Directories;

namespace Ipdr.Oci.UnixFs;

/// <summary>A directory put together of files that have their CIDs already.</summary>
/// <param name="profile">The rules.</param>
/// <param name="keep">Keep what is needed to have the blocks later.</param>
internal sealed class DagTree(UnixFsProfile profile, bool keep)
{
    private readonly Dictionary<string, DagTree> _directories = [];
    private readonly Dictionary<string, DagNode> _others = [];

    /// <summary>Puts something in its place.</summary>
    /// <param name="path">From the root, with slashes. What has a path once has no other later.</param>
    /// <param name="node">What is there.</param>
    public void Add(string path, DagNode node)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            _others.Add(path, node);
            return;
        }
        if (!_directories.TryGetValue(path[..slash], out DagTree? directory))
            _directories[path[..slash]] = directory = new DagTree(profile, keep);
        directory.Add(path[(slash + 1)..], node);
    }

    /// <summary>The directory with all that was added.</summary>
    /// <exception cref="IpdrException">A name is none that a directory can have.</exception>
    public DagNode Build() => Build(new DirectoryForm(profile));

    private DagNode Build(DirectoryForm form)
    {
        IEnumerable<(string Name, DagNode Node)> entries = _directories.Select(pair => (pair.Key, pair.Value.Build(form)))
            .Concat(_others.Select(pair => (pair.Key, pair.Value)));
        return form.Build([.. entries.Select(entry => new DirectoryEntry(DirectoryForm.NameBytes(entry.Name, entry.Name), entry.Node))], default, keep);
    }
}
