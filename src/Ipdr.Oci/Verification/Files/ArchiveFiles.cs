using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion;
using Ipdr.Oci.Conversion.Pumping;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Tar;
using Ipdr.Oci.Verification.Content;

namespace Ipdr.Oci.Verification.Files;

/// <summary>The files of a tar archive, whatever compresses it as a whole.</summary>
/// <remarks>
/// In a plain file the members are read where they are, when it is known what they are. What comes through a pipe or is compressed passes only once,
/// so everything that may be asked of a member is found out as it passes.
/// </remarks>
internal sealed class ArchiveFiles : TargetFiles, IMemberSink
{
    private readonly ArchiveInput _input;
    private readonly VerificationOptions _options;
    private readonly ContentExaminer _examiner;
    private readonly ArchiveWalk _walk;
    private readonly Dictionary<ArchiveMember, ContentFacts> _passed = [];
    private readonly PathBudget _paths = new();
    private ArchiveContents _contents;
    private int _count;

    private ArchiveFiles(ArchiveInput input, VerificationOptions options, ContentExaminer examiner)
    {
        (_input, _options, _examiner) = (input, options, examiner);
        _walk = new ArchiveWalk(input, options.Limits);
        _contents = new ArchiveContents(options.Limits);
    }

    public override bool IsFolder => false;

    /// <summary>Walks the archive to its end. What the archive is read from stays with the caller.</summary>
    /// <exception cref="IpdrException">It is no archive, or broken.</exception>
    public static async Task<ArchiveFiles> OpenAsync(ArchiveInput input, VerificationOptions options, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        ArchiveFiles files = new(input, options, examiner);
        await files._walk.OpenAsync(cancellationToken).ConfigureAwait(false);
        files._contents = await files._walk.ScanAsync(files, cancellationToken).ConfigureAwait(false);
        files.SetFiles(files._contents.Members.Where(member => !member.Path.IsRoot).Select(member => new TargetFile(member.Path.ToString(), KindOf(member), member.Size)));
        return files;
    }

    public override TargetFile? Resolve(string path, Finding? missing, Place from, CheckedItem item)
    {
        ArchiveMember? member = _contents.Resolve(path, FaultCode.MissingBlob, out Fault? fault);
        if (fault is { Code: FaultCode.MissingBlob } && missing is not null)
            item.Add(missing);
        else if (fault is not null and not { Code: FaultCode.MissingBlob })
            item.Add(Finding.Of(fault, fault.Code == FaultCode.PathTraversal ? from : new Place(path)));
        if (member is null)
            return null;
        TargetFile file = Find(member.Path.ToString())!;
        if (MemberDocument.HasOtherKind(member) || (member.Document is not null && MemberDocument.Contradiction(member) is not null))
            item.Add(Finding.Of(MemberDocument.Ambiguous(member), new Place(file.Path)));
        return file;
    }

    public override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFile file, int maxBytes, CancellationToken cancellationToken)
    {
        ArchiveMember member = MemberOf(file);
        if (member.Size > maxBytes)
            return null;
        if (member.Document is not null || !_walk.IsInPlace || !member.IsContiguous)
            return member.Document;
        byte[] bytes = new byte[member.Size];
        FileSectionStream body = new(_input.File!.SafeFileHandle, member.BodyOffset, member.Size);
        await using (body.ConfigureAwait(false))
            await body.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    public override async Task<ContentFacts> ExamineAsync(TargetFile file, ContentDemand demand, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        ArchiveMember member = MemberOf(file);
        if (_passed.TryGetValue(member, out ContentFacts? known))
            return known;
        ContentFacts facts = await ExamineOneAsync(member, demand, examiner, cancellationToken).ConfigureAwait(false);
        foreach (ArchiveMember repeat in member.Repeats.Where(repeat => repeat.IsFile))
        {
            ContentFacts again = await ExamineOneAsync(repeat, new ContentDemand { Stored = { DigestAlgorithm.Sha256 } }, examiner, cancellationToken).ConfigureAwait(false);
            facts.RepeatsDiffer |= again.Stored[DigestAlgorithm.Sha256] != facts.Stored[DigestAlgorithm.Sha256];
        }
        return facts;
    }

    public override IEnumerable<Finding> Findings()
    {
        Place archive = new("");
        if (_contents.End is TarEnd.NoEndBlocks or TarEnd.OneEndBlock)
            yield return Finding.Of(FaultCode.MissingEndBlocks, "the archive ends without its two end blocks; all members are complete", archive);
        if (_contents.TrailingBytes > 0)
            yield return Finding.Of(FaultCode.TrailingData, $"{_contents.TrailingBytes} bytes follow the end of the archive", archive);
        if (_contents.HasDataAfterCompression)
            yield return Finding.Of(FaultCode.TrailingData, $"data follows the end of the {_walk.Compression} stream", archive);
        foreach (string name in _contents.UnsafeNames)
            yield return Finding.Of(FaultCode.PathTraversal, "a member's name leaves the archive", new Place("") { Member = name });
        foreach (ArchiveMember member in _contents.Members.OrderBy(member => member.BodyOffset))
        {
            if (LinkAbove(member) is { } link)
                yield return Finding.Of(FaultCode.PathTraversal, $"the member is written through the link {link.Path}, which leads to {TarText.Quote(link.LinkTarget)}", new Place(member.Path.ToString()));
        }
    }

    public override ValueTask DisposeAsync()
    {
        _walk.Dispose();
        return ValueTask.CompletedTask;
    }

    async ValueTask IMemberSink.AcceptAsync(ArchiveMember member, ArchiveMember first, PeekedStream body, CancellationToken cancellationToken)
    {
        if (_walk.IsInPlace && member.IsContiguous && first.IsContiguous)
            return;
        ContentFacts facts = await _examiner.ExamineAsync(member.Path.ToString(), member.Size, body, ContentDemand.Everything(_options.Quick), cancellationToken).ConfigureAwait(false);
        _paths.Spend(_count++, facts.Layer);
        if (ReferenceEquals(member, first))
            _passed[member] = facts;
        else if (_passed.TryGetValue(first, out ContentFacts? known))
            known.RepeatsDiffer |= known.Stored[DigestAlgorithm.Sha256] != facts.Stored[DigestAlgorithm.Sha256];
    }

    private async Task<ContentFacts> ExamineOneAsync(ArchiveMember member, ContentDemand demand, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        demand.Stored.Add(DigestAlgorithm.Sha256);
        if (member.Document is not null)
        {
            DocumentStream document = new(member.Document.Value);
            await using (document.ConfigureAwait(false))
                return await examiner.ExamineAsync(member.Path.ToString(), member.Size, document, demand, cancellationToken).ConfigureAwait(false);
        }
        FileSectionStream body = new(_input.File!.SafeFileHandle, member.BodyOffset, member.Size);
        await using (body.ConfigureAwait(false))
            return await examiner.ExamineAsync(member.Path.ToString(), member.Size, body, demand, cancellationToken).ConfigureAwait(false);
    }

    private ArchiveMember MemberOf(TargetFile file) =>
        _contents.TryGet(file.Path, out ArchiveMember? member) ? member : throw new ArgumentException("the file is of another target", nameof(file));

    // Who unpacks the archive as it comes writes where the link leads.
    private ArchiveMember? LinkAbove(ArchiveMember member)
    {
        string path = member.Path.ToString();
        for (int end = path.LastIndexOf('/'); end > 0; end = path.LastIndexOf('/', end - 1))
        {
            if (_contents.TryGet(path[..end], out ArchiveMember? above) && above.Type == TarEntryType.SymbolicLink)
                return above;
        }
        return null;
    }

    private static TargetFileKind KindOf(ArchiveMember member) => member switch
    {
        { IsFile: true } => TargetFileKind.File,
        { IsLink: true } => TargetFileKind.Link,
        { Type: TarEntryType.Directory } => TargetFileKind.Folder,
        _ => TargetFileKind.Special,
    };
}
