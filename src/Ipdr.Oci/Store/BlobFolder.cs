using Ipdr.Oci.Digests;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Store;

/// <summary>The files of the store: <c>blobs/ALGORITHM/HEX</c>, as in an OCI layout.</summary>
internal sealed class BlobFolder
{
    private readonly string _root;

    public BlobFolder(string home) => _root = PathIn(home);

    /// <summary>Where it is in the store's folder.</summary>
    public static string PathIn(string home) => Path.Combine(home, "blobs");

    /// <summary>Makes the folders that are not there yet.</summary>
    public void Create()
    {
        foreach (DigestAlgorithm algorithm in Enum.GetValues<DigestAlgorithm>())
            DestinationIo.Guard(_root, () => Directory.CreateDirectory(FolderOf(algorithm)));
    }

    /// <summary>What the folders of all algorithms are in.</summary>
    public string Root => _root;

    public string PathOf(Digest digest) => Path.Combine(FolderOf(digest.Algorithm), digest.Encoded);

    /// <summary>Moves a finished and synced file to its place. The caller holds the catalogue's write lock.</summary>
    public void Place(string staged, Digest digest)
    {
        string path = PathOf(digest);
        DestinationIo.Guard(path, () => File.Move(staged, path, overwrite: true));
        Posix.SyncDirectory(FolderOf(digest.Algorithm));
    }

    /// <summary>Is the file there, with that size?</summary>
    public bool Holds(Digest digest, long size) => new FileInfo(PathOf(digest)) is { Exists: true, Length: var length } && length == size;

    /// <summary>Deletes a file; one that is not there is no failure.</summary>
    public void Delete(Digest digest) => DestinationIo.Guard(PathOf(digest), () => File.Delete(PathOf(digest)));

    /// <summary>Everything that has the name of a blob, with its size and the time of its last change.</summary>
    public IEnumerable<(Digest Digest, long Size, DateTimeOffset Changed)> Files()
    {
        foreach (DigestAlgorithm algorithm in Enum.GetValues<DigestAlgorithm>())
        {
            DirectoryInfo folder = new(FolderOf(algorithm));
            // Empty ones may be lost on the way to a volume that is only read.
            foreach (FileInfo file in folder.Exists ? folder.EnumerateFiles() : [])
            {
                if (Digest.TryParse($"{algorithm.Name}:{file.Name}", null, out Digest digest))
                    yield return (digest, file.Length, file.LastWriteTimeUtc);
            }
        }
    }

    private string FolderOf(DigestAlgorithm algorithm) => Path.Combine(_root, algorithm.Name);
}
