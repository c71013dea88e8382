using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Destinations;

/// <summary>A new folder in the form of skopeo's <c>dir:</c> transport: one image or index without a name. It appears whole.</summary>
internal sealed class SkopeoFolderDestination : IImageDestination
{
    private readonly string _path;
    private readonly StagingFolder _staging;
    private readonly PartialBlobs _blobs;
    private readonly ConcurrentDictionary<Digest, Descriptor> _arrived = [];
    private readonly Dictionary<Digest, ReadOnlyMemory<byte>> _manifests = [];

    private SkopeoFolderDestination(string path, string place, StagingFolder staging, PartialBlobs blobs) => (_path, Place, _staging, _blobs) = (path, place, staging, blobs);

    public string Place { get; }

    public DestinationTraits Traits { get; } = new() { HoldsMany = false, HoldsReferrers = false };

    /// <summary>Looks at the place.</summary>
    /// <param name="path">The folder, which is not there yet or is empty.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="IpdrException">Something is there (<see cref="FaultCode.DestinationExists"/>), or it may not be written.</exception>
    public static SkopeoFolderDestination Open(string path, string place)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        RequireFree(path, place);
        string parent = Path.GetDirectoryName(path) ?? path;
        DestinationIo.Guard(parent, () => Directory.CreateDirectory(parent));
        StagingFolder staging = StagingFolder.Create(parent, $".{Path.GetFileName(path)}.ipdr-");
        try
        {
            return new SkopeoFolderDestination(path, place, staging, PartialBlobs.Open(PartialFolder.Beside(path)));
        }
        catch
        {
            staging.Dispose();
            throw;
        }
    }

    public ValueTask<bool> HasBlobAsync(BlobTransfer blob, CancellationToken cancellationToken) => new(false);

    public async Task WriteBlobAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        await _blobs.WriteAsync(blob, cancellationToken).ConfigureAwait(false);
        _arrived[blob.Descriptor.Digest] = blob.Descriptor;
    }

    public Task WriteManifestAsync(Descriptor manifest, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _manifests[manifest.Digest] = content;
        return Task.CompletedTask;
    }

    public async Task<CommittedImages> CommitAsync(IReadOnlyList<SourceImage> images, IReadOnlyList<SourceReferrer> referrers, CancellationToken cancellationToken)
    {
        DestinationIo.Guard(_staging.Tree, () => Directory.CreateDirectory(_staging.Tree));
        foreach ((Digest digest, Descriptor blob) in _arrived)
            await StagedFile.OfFinished(_blobs.PathOf(digest), blob.Size).MoveToAsync(PathOf(SkopeoFolder.BlobPathOf(digest))).ConfigureAwait(false);
        foreach ((Digest digest, ReadOnlyMemory<byte> content) in _manifests)
            await WriteFileAsync(digest == images[0].Descriptor.Digest ? SkopeoFolder.Manifest : SkopeoFolder.ManifestPathOf(digest), content).ConfigureAwait(false);
        await WriteFileAsync(SkopeoFolder.VersionFile, SkopeoFolder.Version).ConfigureAwait(false);
        Posix.SyncDirectory(_staging.Tree);
        cancellationToken.ThrowIfCancellationRequested();
        Appear();
        _blobs.Remove();
        return new CommittedImages([Place], []);
    }

    public ValueTask DisposeAsync()
    {
        _staging.Dispose();
        _blobs.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void RequireFree(string path, string place)
    {
        if (File.Exists(path) || (Directory.Exists(path) && DestinationIo.Guard(path, () => Directory.EnumerateFileSystemEntries(path).Any())))
            throw new IpdrException(new Fault(FaultCode.DestinationExists, "something is there, and the folder of an image is written anew", place, "Name a folder that is not there yet, or remove this one."));
    }

    private string PathOf(string name) => Path.Combine(_staging.Tree, name);

    private async Task WriteFileAsync(string name, ReadOnlyMemory<byte> content)
    {
        using StagedFile file = _staging.NewFile();
        await file.WriteAsync(content, CancellationToken.None).ConfigureAwait(false);
        file.BeginComplete();
        await file.MoveToAsync(PathOf(name)).ConfigureAwait(false);
    }

    // What was put there since it was looked at is not empty, and stays.
    private void Appear()
    {
        RequireFree(_path, Place);
        DestinationIo.Guard(_path, () =>
        {
            if (Directory.Exists(_path))
                Directory.Delete(_path, recursive: false);
            Directory.Move(_staging.Tree, _path);
        });
        Posix.SyncDirectory(Path.GetDirectoryName(_path)!);
    }
}
