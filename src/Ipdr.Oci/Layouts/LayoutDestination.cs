using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Images;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Layouts;

/// <summary>Where a layout is written: complete or not at all, or safely into one that is there already.</summary>
internal sealed class LayoutDestination : IDisposable
{
    private const string StagingInside = ".ipdr-";

    private readonly string _path;
    private readonly LayoutKind _kind;
    private readonly DestinationState _state;
    private readonly StagingFolder _staging;

    private LayoutDestination(string path, LayoutKind kind, DestinationState state, StagingFolder staging) =>
        (_path, _kind, _state, _staging) = (path, kind, state, staging);

    /// <summary>Looks at the destination and prepares to write.</summary>
    /// <exception cref="IpdrException">Something else is there, or it may not be written.</exception>
    public static LayoutDestination Open(string path, LayoutKind kind)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (OperatingSystem.IsWindows() && kind != LayoutKind.Oci)
            throw new IpdrException(new Fault(FaultCode.BadDestination, "files named sha256:… cannot exist on Windows", path, "Write the layout oci, or run on another system."));
        DestinationState state = LayoutInspection.Look(path, kind, StagingInside);
        string parent = Path.GetDirectoryName(path) ?? path, stagingBeside = $".{Path.GetFileName(path)}.ipdr-";
        if (state != DestinationState.Absent)
        {
            // A run that was killed right after its layout had appeared left its folder beside it.
            StagingFolder.RemoveAbandoned(parent, stagingBeside);
            return new LayoutDestination(path, kind, state, StagingFolder.Create(path, StagingInside));
        }
        DestinationIo.Guard(parent, () => Directory.CreateDirectory(parent));
        return new LayoutDestination(path, kind, state, StagingFolder.Create(parent, stagingBeside));
    }

    /// <summary>Is it in a folder where layouts are prepared, inside another layout?</summary>
    /// <param name="path">From the layout's root, with slashes.</param>
    public static bool IsStaging(string path) => path.StartsWith(StagingInside, StringComparison.Ordinal);

    /// <summary>A new file on the destination's volume.</summary>
    public StagedFile NewFile() => _staging.NewFile();

    /// <summary>Puts everything in its place. Afterwards the destination is a layout with all of <paramref name="contents"/>.</summary>
    /// <exception cref="IpdrException">The destination may not be written, is full, or something else was put there meanwhile.</exception>
    public async Task<CommittedLayout> CommitAsync(LayoutContents contents, CancellationToken cancellationToken)
    {
        LayoutPlan plan = LayoutPlan.For(_kind, contents);
        if (_state == DestinationState.Absent)
        {
            await PlaceAsync(plan, contents, _staging.Tree).ConfigureAwait(false);
            if (_kind != LayoutKind.RegistryV2)
            {
                await WriteFileAsync(Path.Combine(_staging.Tree, OciLayout.MarkerFile), OciLayout.Marker).ConfigureAwait(false);
                await WriteFileAsync(Path.Combine(_staging.Tree, OciLayout.IndexFile), OciLayout.IndexDocument(contents.Roots)).ConfigureAwait(false);
            }
            SyncTree(_staging.Tree);
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAppear())
                return new CommittedLayout(plan, IsNew: true);
            _ = LayoutInspection.Look(_path, _kind, StagingInside);
            plan = LayoutPlan.For(_kind, contents);
        }
        await PlaceAsync(plan, contents, _path).ConfigureAwait(false);
        if (_kind != LayoutKind.RegistryV2)
            await UpdateIndexAsync(contents, cancellationToken).ConfigureAwait(false);
        SyncTree(_path);
        return new CommittedLayout(plan, IsNew: false);
    }

    public void Dispose() => _staging.Dispose();

    // False when another process put something there since the destination was looked at.
    private bool TryAppear()
    {
        try
        {
            Directory.Move(_staging.Tree, _path);
        }
        catch (IOException) when (Directory.Exists(_path))
        {
            return false;
        }
        catch (IOException e)
        {
            throw DestinationIo.Explain(_path, e);
        }
        Posix.SyncDirectory(Path.GetDirectoryName(_path)!);
        return true;
    }

    private async Task PlaceAsync(LayoutPlan plan, LayoutContents contents, string root)
    {
        DestinationIo.Guard(root, () => Directory.CreateDirectory(root));
        Dictionary<Digest, string> placed = [];
        foreach ((string relative, Digest digest) in plan.Placements)
        {
            string path = Path.Combine(root, relative);
            DestinationIo.Guard(path, () => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
            if (placed.TryGetValue(digest, out string? first))
                LinkFile(first, path);
            else if (contents.Manifests.TryGetValue(digest, out LayoutManifest? manifest))
                await WriteFileAsync(path, manifest.Bytes).ConfigureAwait(false);
            else if (contents.Blobs[digest] is BlobContent.InMemory document)
                await WriteFileAsync(path, document.Bytes).ConfigureAwait(false);
            else if (contents.Blobs[digest] is BlobContent.InFile blob)
                await blob.File.MoveToAsync(path).ConfigureAwait(false);
            placed.TryAdd(digest, path);
        }
    }

    private void LinkFile(string existing, string path)
    {
        string temporary = Path.Combine(_staging.Path, "link");
        DestinationIo.Guard(path, () =>
        {
            if (!Posix.TryHardLink(existing, temporary))
                File.Copy(existing, temporary);
            File.Move(temporary, path, overwrite: true);
            // rename(2) does nothing when both names are the same file already.
            File.Delete(temporary);
        });
    }

    private async Task WriteFileAsync(string path, ReadOnlyMemory<byte> bytes)
    {
        using StagedFile file = _staging.NewFile();
        await file.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        file.BeginComplete();
        await file.MoveToAsync(path).ConfigureAwait(false);
    }

    private async Task UpdateIndexAsync(LayoutContents contents, CancellationToken cancellationToken)
    {
        string marker = Path.Combine(_path, OciLayout.MarkerFile), index = Path.Combine(_path, OciLayout.IndexFile);
        using FileStream held = await LayoutLock.TakeAsync(marker, OciLayout.Marker, cancellationToken).ConfigureAwait(false);
        ImageIndex? existing = File.Exists(index) ? LayoutInspection.ReadIndex(index) : null;
        await WriteFileAsync(index, OciLayout.IndexDocument(contents.Roots, existing)).ConfigureAwait(false);
    }

    private static void SyncTree(string root)
    {
        foreach (string folder in Directory.EnumerateDirectories(root, "*", SearchOption.AllDirectories))
            Posix.SyncDirectory(folder);
        Posix.SyncDirectory(root);
    }
}
