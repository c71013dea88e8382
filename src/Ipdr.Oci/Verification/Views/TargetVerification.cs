using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;
using Ipdr.Oci.Verification.Repair;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Verifies one target in every way that it can be read.</summary>
internal sealed class TargetVerification
{
    private readonly VerificationContext _context;
    private readonly CheckedItem _root;
    private readonly TargetForm _form;
    private readonly OrphanSearch _orphans;
    private readonly List<RegistryWalk> _repositories = [];
    private bool _isOci;
    private OciWalk? _oci;
    private DockerWalk? _docker;
    private SkopeoWalk? _skopeo;
    private FoundIndex? _index;

    private TargetVerification(VerificationContext context, TargetForm form, CheckedItem root)
    {
        (_context, _form, _root) = (context, form, root);
        _orphans = new OrphanSearch(context);
    }

    private TargetFiles Files => _context.Files;

    private bool IsSkopeoFolder => _form == TargetForm.SkopeoFolder
        || (_form == TargetForm.Any && Files.IsFolder && Files.Has(SkopeoFolder.VersionFile) && Files.Has(SkopeoFolder.Manifest) && !Files.Has(WellKnown.Index));

    /// <summary>Verifies the files of a target.</summary>
    /// <returns>What the target lacks.</returns>
    public static async Task<IReadOnlyList<WantedContent>> RunAsync(TargetFiles files, TargetForm form, VerificationOptions options, CheckedItem root, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        VerificationContext context = new(files, new ContentLedger(files, examiner, options), examiner, options);
        await new TargetVerification(context, form, root).RunAsync(cancellationToken).ConfigureAwait(false);
        return [.. context.Wanted.Values];
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        _root.Add(Files.Findings());
        bool any = await WalkOciAsync(cancellationToken).ConfigureAwait(false);
        any |= await WalkDockerAsync(cancellationToken).ConfigureAwait(false);
        any |= await WalkRepositoriesAsync(cancellationToken).ConfigureAwait(false);
        any |= await WalkSkopeoFolderAsync(cancellationToken).ConfigureAwait(false);
        if (!any)
            _root.Add(NothingToRead());
        CheckDigest();
        await _context.Ledger.RunAsync(cancellationToken).ConfigureAwait(false);

        _oci?.Judge();
        _docker?.Judge();
        _repositories.ForEach(repository => repository.Judge());
        _skopeo?.Judge();
        await _orphans.JudgeAsync(cancellationToken).ConfigureAwait(false);
        if (_oci is not null && _docker is not null && _index is not null)
            ViewComparison.OfDocker(_root, _docker.Images, _oci.Images, _context.Ledger);
        if (_index is not null && _repositories is [{ IsWholeTarget: true } repository])
            ViewComparison.OfRepository(_root, _index, repository.Tags);
        if (any && Files.IsFolder)
            FindStrays();
    }

    private async Task<bool> WalkOciAsync(CancellationToken cancellationToken)
    {
        bool wanted = _form is TargetForm.Oci or TargetForm.OciArchive;
        bool has = Files.Has(WellKnown.Index), marked = Files.Has(WellKnown.LayoutMarker);
        if ((!has && !marked && !wanted) || _form is TargetForm.DockerArchive or TargetForm.RegistryV2 or TargetForm.SkopeoFolder)
            return false;
        _isOci = true;
        CheckedItem view = _root.AddChild(new CheckedItem(CheckedKind.View, WellKnown.Index));
        bool isSupported = await CheckMarkerAsync(view, cancellationToken).ConfigureAwait(false);
        Finding missing = Finding.Of(FaultCode.MissingIndex, "it has the marker of an OCI layout but no index", new Place(WellKnown.Index));
        if (Files.Resolve(WellKnown.Index, missing, new Place(""), view) is not { } file || !isSupported)
            return true;
        using StrictDocument? document = await ReadAsync(view, file, cancellationToken).ConfigureAwait(false);
        _index = document is null ? null : IndexReader.Read(document, isLayoutIndex: true);
        if (_index is null)
            return true;
        _oci = new OciWalk(_context, new OciBlobNames());
        await _oci.WalkEntriesAsync(view, _index, 0, cancellationToken).ConfigureAwait(false);
        if (_index.Manifests.Count == 0)
            view.Add(Finding.Of(FaultCode.NoImages, "it names no image", new Place(WellKnown.Index)));
        return true;
    }

    // A layout of another version may mean anything by what follows; its documents are not read.
    private async Task<bool> CheckMarkerAsync(CheckedItem view, CancellationToken cancellationToken)
    {
        Finding missing = Finding.Of(FaultCode.MissingMarker, "the file that tells the version of the layout is missing", new Place(WellKnown.LayoutMarker));
        if (Files.Resolve(WellKnown.LayoutMarker, missing, new Place(""), view) is not { } file)
            return true;
        using StrictDocument? document = await ReadAsync(view, file, cancellationToken).ConfigureAwait(false);
        if (document?.Root.AsObject()?.RequireText("imageLayoutVersion") is not { } version || version == LayoutMarker.Version)
            return true;
        document.Report(FaultCode.UnsupportedVersion, "/imageLayoutVersion", "the version of the layout is not supported", LayoutMarker.Version, version);
        return false;
    }

    private async Task<bool> WalkDockerAsync(CancellationToken cancellationToken)
    {
        if (!Files.Has(WellKnown.DockerManifest) || IsSkopeoFolder || _form is TargetForm.Oci or TargetForm.OciArchive or TargetForm.RegistryV2)
            return false;
        CheckedItem view = _root.AddChild(new CheckedItem(CheckedKind.View, WellKnown.DockerManifest));
        _docker = new DockerWalk(_context, _oci?.Images ?? []);
        await _docker.WalkAsync(view, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> WalkRepositoriesAsync(CancellationToken cancellationToken)
    {
        string[] prefixes = _form is not (TargetForm.Any or TargetForm.RegistryV2 or TargetForm.Oci) || !Files.IsFolder ? []
            : [.. Files.All.Where(file => file.Kind == TargetFileKind.Folder && (file.Path == "manifests" || file.Path.EndsWith("/manifests", StringComparison.Ordinal)))
                .Select(file => file.Path[..^"manifests".Length])
                .Where(prefix => RegistryWalk.IsRepository(Files, prefix) && !prefix.StartsWith(WellKnown.Blobs + "/", StringComparison.Ordinal))];
        foreach (string prefix in prefixes)
        {
            RegistryWalk repository = new(_context, prefix);
            CheckedItem view = _root.AddChild(new CheckedItem(CheckedKind.View, prefix.Length == 0 ? "manifests" : prefix.TrimEnd('/')));
            await repository.WalkAsync(view, cancellationToken).ConfigureAwait(false);
            repository.FindOrphans(view, _orphans);
            _repositories.Add(repository);
        }
        if (_index is not null && Files.Has(WellKnown.Blobs))
            _orphans.FindInLayout(_root, hasRepository: prefixes.Contains(""));
        return prefixes.Length > 0;
    }

    private async Task<bool> WalkSkopeoFolderAsync(CancellationToken cancellationToken)
    {
        if (!IsSkopeoFolder || !Files.IsFolder)
            return false;
        CheckedItem view = _root.AddChild(new CheckedItem(CheckedKind.View, SkopeoFolder.Manifest));
        _skopeo = new SkopeoWalk(_context);
        await _skopeo.WalkAsync(view, cancellationToken).ConfigureAwait(false);
        _skopeo.FindOrphans(view, _orphans);
        return true;
    }

    private async ValueTask<StrictDocument?> ReadAsync(CheckedItem view, TargetFile file, CancellationToken cancellationToken)
    {
        _context.Reached.Add(file);
        try
        {
            if (await Files.ReadAsync(file, Images.Document.MaxBytes, cancellationToken).ConfigureAwait(false) is { } bytes)
                return StrictDocument.Parse(bytes, file.Path, FaultCode.BadManifest, view);
            view.Add(DocumentReading.NoDocument(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            view.Add(Finding.Of(FaultCode.Io, "the document cannot be read: " + e.Message.TrimEnd('.'), new Place(file.Path)));
        }
        return null;
    }

    private void CheckDigest()
    {
        if (_context.Options.Digest is not { } wanted)
            return;
        Digest[] found = [.. (_index?.Manifests ?? []).Select(entry => entry.Digest).OfType<Digest>().Concat(_repositories.SelectMany(repository => repository.Tags.Values)).Concat(_skopeo?.Whole is { } whole ? [whole] : []).Distinct()];
        if (!found.Contains(wanted))
            _root.Add(Finding.Of(FaultCode.DigestMismatch, "no image has the digest that was asked for", new Place(""), wanted.ToString(), found.Length > 0 ? string.Join(", ", found) : "none"));
    }

    private Finding NothingToRead()
    {
        Fault fault = Files.IsFolder || _form != TargetForm.Any
            ? new Fault(FaultCode.MissingManifest, _form == TargetForm.Any ? "it has neither index.json nor manifest.json nor repositories of a registry" : "it is not what it is said to be", "")
            : ArchiveViews.NoImage([.. Files.All.Select(file => file.Path)]);
        return Finding.Of(fault, new Place(""));
    }

    // In archives engines put much beside what is needed; in a folder it is only noise.
    private void FindStrays()
    {
        HashSet<string> folders = [.. _repositories.SelectMany(repository => repository.Folders)];
        foreach (TargetFile file in Files.All.Where(file => file.Kind == TargetFileKind.File && !_context.Reached.Contains(file) && !IsPart(file.Path) && !folders.Contains(TargetFiles.FolderOf(file.Path))))
            _root.Add(Finding.Of(FaultCode.StrayFile, "the file is no part of the layout", new Place(file.Path)));
    }

    private bool IsPart(string path) =>
        (_isOci && (path is WellKnown.Index or WellKnown.LayoutMarker || path.StartsWith(WellKnown.Blobs + "/", StringComparison.Ordinal)))
        || (_skopeo is not null && SkopeoWalk.IsPart(path))
        || (_docker is not null && (path is WellKnown.DockerManifest or WellKnown.Repositories || path.EndsWith("/json", StringComparison.Ordinal) || path.EndsWith("/VERSION", StringComparison.Ordinal)));
}
