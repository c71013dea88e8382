using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Staging;

namespace Ipdr.Oci.Verification.Repair;

/// <summary>Puts contents that a layout lacks in their places, taken from other places and verified.</summary>
internal sealed class LayoutRepair(string path, IReadOnlyList<string> places, VerificationOptions options, IContentObserver? observer)
{
    // A manifest that was repaired may show what else is missing: index, manifest, blobs, each in its own round.
    private const int MaxRounds = 16;

    private const string StagingPrefix = ".ipdr-";

    private readonly List<RepairedContent> _repaired = [];

    /// <summary>Repairs what can be.</summary>
    /// <exception cref="IpdrException">A place cannot be read, or the layout cannot be written.</exception>
    public async Task<IReadOnlyList<RepairedContent>> RunAsync(TargetForm form, CancellationToken cancellationToken)
    {
        string marker = Path.Combine(path, OciLayout.MarkerFile);
        using FileStream? held = IsPlainFile(marker) ? await LayoutLock.TakeAsync(marker, OciLayout.Marker, cancellationToken).ConfigureAwait(false) : null;
        for (int round = 0; round < MaxRounds; round++)
        {
            VerificationReport report = await Verifier.VerifyAsync(VerificationTarget.OfPath(path, form), options with { Quick = true }, observer, cancellationToken).ConfigureAwait(false);
            if (report.Wanted.Count == 0 || !await RepairAsync(report.Wanted, cancellationToken).ConfigureAwait(false))
                break;
        }
        return _repaired;
    }

    // Each place is asked for what those before it did not have.
    private async Task<bool> RepairAsync(IReadOnlyList<WantedContent> wanted, CancellationToken cancellationToken)
    {
        int before = _repaired.Count;
        List<WantedContent> left = [.. wanted];
        foreach (string place in places)
        {
            if (left.Count == 0)
                break;
            using StagingFolder staging = StagingFolder.Create(path, StagingPrefix);
            using BlobFetch fetch = new(left, staging, options.Limits);
            await fetch.SearchAsync(place, cancellationToken).ConfigureAwait(false);
            foreach ((Digest digest, StagedFile file) in fetch.Found)
                await PlaceAsync(file, [.. left.Where(content => content.Digest == digest)], place).ConfigureAwait(false);
            left.RemoveAll(content => fetch.Found.ContainsKey(content.Digest));
        }
        return _repaired.Count > before;
    }

    private async Task PlaceAsync(StagedFile file, WantedContent[] contents, string from)
    {
        string? first = null;
        foreach (WantedContent content in contents)
        {
            string target = Path.Combine(path, content.Path);
            RequireNoLinks(content.Path);
            DestinationIo.Guard(target, () => Directory.CreateDirectory(Path.GetDirectoryName(target)!));
            if (first is null)
                await file.MoveToAsync(first = target).ConfigureAwait(false);
            else if (first != target)
                Relink(first, target);
            Posix.SyncDirectory(Path.GetDirectoryName(target)!);
            _repaired.Add(new RepairedContent(content.Path, content.Digest, from));
        }
    }

    private static void Relink(string existing, string target) => DestinationIo.Guard(target, () =>
    {
        File.Delete(target);
        if (!Posix.TryHardLink(existing, target))
            File.Copy(existing, target);
    });

    // A folder that is a link would have the content written outside of the layout.
    private void RequireNoLinks(string relative)
    {
        string current = path;
        foreach (string part in relative.Split('/')[..^1])
        {
            current = Path.Combine(current, part);
            if (new DirectoryInfo(current).LinkTarget is not null)
                throw new IpdrException(new Fault(FaultCode.SymbolicLink, "a folder of the layout is a link; nothing is written through it", current, "Replace the link by the folder that is meant."));
        }
    }

    private static bool IsPlainFile(string file) => File.Exists(file) && new FileInfo(file).LinkTarget is null && (!FileStatus.TryRead(file, out FileStatus status) || status.Kind == FolderEntryKind.File);
}
