using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Layouts;

/// <summary>Computes the DAG of a layout out of what its blobs were named while they passed.</summary>
/// <param name="kind">The form of the layout.</param>
/// <param name="contents">What it holds.</param>
/// <param name="profile">The rules.</param>
internal sealed class LayoutNaming(LayoutKind kind, LayoutContents contents, UnixFsProfile profile)
{
    private readonly FileForm _form = new(profile);

    /// <summary>The DAG of a layout that holds these contents and nothing else. Nothing is read.</summary>
    /// <param name="plan">Which files it has.</param>
    /// <param name="folder">Where it is; null when it was not written, and then its blocks cannot be had.</param>
    public Dag OfContents(LayoutPlan plan, string? folder) => Build(Files(plan, folder), folder, keep: folder is not null);

    /// <summary>The DAG of a layout that was not written, with its blocks: those of blobs can be read where the blobs are already.</summary>
    /// <param name="plan">Which files it would have.</param>
    /// <param name="find">Where a blob is; null if it is nowhere.</param>
    /// <returns>Null if a blob is nowhere.</returns>
    public Dag? OfPlaces(LayoutPlan plan, Func<Digest, FileContent?> find)
    {
        List<(string, FileNode)> files = [];
        foreach ((string path, Digest digest) in plan.Placements)
        {
            FileNode file = FileOf(digest, path, null);
            if (contents.Blobs.TryGetValue(digest, out BlobContent? blob) && blob is BlobContent.Discarded)
            {
                if (find(digest) is not { } content)
                    return null;
                file = file.At(content);
            }
            files.Add((path, file));
        }
        return Build(files, null, keep: true);
    }

    /// <summary>The DAG of a folder that these contents were added to. What was there before is read.</summary>
    /// <exception cref="IpdrException">Something there cannot be read.</exception>
    public Task<Dag> OfFolderAsync(LayoutPlan plan, string folder, CancellationToken cancellationToken) =>
        LayoutDag.ReadAsync(folder, profile, Files(plan, folder).ToDictionary(file => file.Path, file => file.File), cancellationToken);

    private Dag Build(IEnumerable<(string Path, FileNode File)> files, string? folder, bool keep)
    {
        DagTree tree = new(profile, keep);
        foreach ((string path, FileNode file) in files)
            tree.Add(path, file);
        if (kind != LayoutKind.RegistryV2)
        {
            tree.Add(OciLayout.MarkerFile, OfDocument(OciLayout.Marker, OciLayout.MarkerFile, folder));
            tree.Add(OciLayout.IndexFile, OfDocument(OciLayout.IndexDocument(contents.Roots), OciLayout.IndexFile, folder));
        }
        return new Dag(tree.Build(), profile);
    }

    private IEnumerable<(string Path, FileNode File)> Files(LayoutPlan plan, string? folder)
    {
        Dictionary<Digest, FileNode> known = [];
        foreach ((string path, Digest digest) in plan.Placements)
        {
            if (!known.TryGetValue(digest, out FileNode? file))
                known[digest] = file = FileOf(digest, path, folder);
            yield return (path, file);
        }
    }

    private FileNode FileOf(Digest digest, string path, string? folder)
    {
        if (contents.Manifests.TryGetValue(digest, out LayoutManifest? manifest))
            return OfDocument(manifest.Bytes, path, folder);
        return contents.Blobs[digest] switch
        {
            BlobContent.InMemory document => OfDocument(document.Bytes, path, folder),
            BlobContent.InFile blob => Placed(blob.Node!, path, folder),
            BlobContent.Discarded blob => blob.Node!,
            _ => throw new InvalidOperationException("a blob is in a file, in memory, or nowhere"),
        };
    }

    private FileNode OfDocument(ReadOnlyMemory<byte> document, string path, string? folder) => Placed(FileSink.OfDocument(_form, path, document), path, folder);

    private static FileNode Placed(FileNode file, string path, string? folder) => folder is null ? file : file.At(new DiskContent(Path.Combine(folder, path)));
}
