using System.Text;
using System.Text.Json;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Directories;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Tests.UnixFs;

/// <summary>Builds the directories that the vectors describe in memory: a disk would take long for ten thousand files.</summary>
internal sealed class VectorDag(UnixFsProfile profile)
{
    private readonly FileForm _files = new(profile);
    private readonly DirectoryForm _directories = new(profile);

    public DagNode Build(JsonElement recipe)
    {
        if (recipe.TryGetProperty("dir", out JsonElement entries))
            return _directories.Build([.. entries.EnumerateArray().SelectMany(Entries)], default, keep: true);
        if (recipe.TryGetProperty("keystreamDir", out JsonElement keystream))
            return _directories.Build([.. VectorTree.KeystreamNames(keystream).Select(name => Entry(name, File(keystream.GetProperty("content"), 0)))], default, keep: true);
        return recipe.TryGetProperty("symlink", out JsonElement target)
            ? SymlinkNode.Create(_directories.Nodes, Encoding.UTF8.GetBytes(target.GetString()!))
            : File(recipe, 0);
    }

    private IEnumerable<DirectoryEntry> Entries(JsonElement entry) => entry.TryGetProperty("each", out JsonElement each)
        ? VectorTree.NamesOf(each).Select(named => Entry(named.Name, File(entry.GetProperty("content"), named.Index)))
        : [Entry(entry.GetProperty("name").GetString()!, Build(entry))];

    private FileNode File(JsonElement recipe, int index)
    {
        VectorContent content = VectorContent.Of(recipe, index);
        byte[] bytes = new byte[content.Length];
        content.Fill(0, bytes);
        return FileSink.OfDocument(_files, "file", bytes);
    }

    private static DirectoryEntry Entry(string name, DagNode node) => new(DirectoryForm.NameBytes(name, name), node);
}
