using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Folders;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;
using Ipdr.Oci.Verification.Repair;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Verifies the embedded store, or one image of it: what its names lead to, all blobs, and what its catalogue claims of them.</summary>
/// <remarks>
/// The catalogue is asked once, for one moment. Others may write meanwhile: what is new is left to the next verification, and before something is
/// called missing, or there for nothing, the catalogue is asked again while nobody writes.
/// </remarks>
internal sealed class StoreVerification
{
    private readonly ContentStore _store;
    private readonly RepositoryReference? _image;
    private readonly StoreInventory _inventory;
    private readonly StoreFiles _files;
    private readonly VerificationContext _context;
    private readonly CheckedItem _root;
    private readonly OciWalk _walk;
    private readonly List<(CheckedItem Item, TargetFile File)> _others = [];

    private StoreVerification(ContentStore store, RepositoryReference? image, StoreInventory inventory, StoreFiles files, VerificationContext context, CheckedItem root)
    {
        (_store, _image, _inventory, _files, _context, _root) = (store, image, inventory, files, context, root);
        _walk = new OciWalk(context, new OciBlobNames());
    }

    private bool IsWhole => _image is null;

    /// <summary>Verifies the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="image">The image that is meant; null for everything.</param>
    /// <param name="options">How thoroughly.</param>
    /// <param name="root">Takes what is found.</param>
    /// <param name="examiner">Reads contents.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What the store lacks.</returns>
    /// <exception cref="IpdrException">There is no such image (<see cref="FaultCode.NotFound"/>), or the catalogue cannot be read.</exception>
    public static async Task<IReadOnlyList<WantedContent>> RunAsync(
        ContentStore store, RepositoryReference? image, VerificationOptions options, CheckedItem root, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        StoreInventory inventory = store.TakeInventory();
        if (image is not null)
            inventory = inventory with { Manifests = [.. inventory.Manifests.Where(manifest => IsMeant(manifest, image)).Take(1)] };
        if (image is not null && inventory.Manifests.Count == 0)
            throw new IpdrException(new Fault(FaultCode.NotFound, $"the store has no image called {image}", "", "See ipdr list."));
        StoreFiles files = await StoreFiles.OpenAsync(store, inventory, cancellationToken).ConfigureAwait(false);
        await using (files.ConfigureAwait(false))
        {
            VerificationContext context = new(files, new ContentLedger(files, examiner, options), examiner, options);
            await new StoreVerification(store, image, inventory, files, context, root).RunAsync(cancellationToken).ConfigureAwait(false);
            return [.. context.Wanted.Values];
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (InventoryManifest manifest in _inventory.Manifests.OrderBy(manifest => manifest.Tag is null).ThenBy(manifest => manifest.Tag is null && !manifest.MediaType.IsIndex))
            await WalkAsync(manifest, cancellationToken).ConfigureAwait(false);
        if (_inventory.Manifests.Count == 0)
            _root.Add(Finding.Of(FaultCode.NoImages, "the store names no image", new Place("")));
        _root.Add(IsWhole ? _files.Findings() : _files.Findings().Where(finding => _context.Missing.Contains(finding.Place.File)));
        if (IsWhole)
            DemandOthers();
        CheckedItem catalogue = new(CheckedKind.View, ContentStore.CatalogueFile);
        StoreClaims claims = new(_context, _store, _inventory, _files, catalogue);
        TargetFile[] scope = [.. _files.All.Where(file => file.Kind == TargetFileKind.File && (IsWhole || _context.Reached.Contains(file)))];
        claims.Demand(scope);
        CheckDigest();
        await _context.Ledger.RunAsync(cancellationToken).ConfigureAwait(false);

        _walk.Judge();
        foreach ((CheckedItem item, TargetFile file) in _others)
            _context.Judge.JudgeContent(item, file, _files.BlobOf(file).Digest, null);
        await claims.CheckAsync(scope, cancellationToken).ConfigureAwait(false);
        await CheckCidAsync(cancellationToken).ConfigureAwait(false);
        if (IsWhole)
            await FindStraysAsync(cancellationToken).ConfigureAwait(false);
        _root.AddChild(catalogue);
    }

    // Tags first, then indexes: what these lead to is not told of again.
    private async Task WalkAsync(InventoryManifest manifest, CancellationToken cancellationToken)
    {
        if (manifest.Tag is null && _files.Find(OciLayout.PathOf(manifest.Digest)) is { } file && _context.Reached.Contains(file))
            return;
        CheckedItem item = _root.AddChild(new CheckedItem(CheckedKind.View, manifest.Name));
        FoundDescriptor descriptor = new(StoreClaims.PlaceOf(manifest)) { MediaType = manifest.MediaType, Digest = manifest.Digest };
        await _walk.WalkAsync(item, descriptor, null, 0, cancellationToken).ConfigureAwait(false);
    }

    // Nothing leads to them yet, or not any more; a collection knows when to remove them. Their names promise a digest all the same.
    private void DemandOthers()
    {
        TargetFile[] others = [.. _files.All.Where(file => file.Kind == TargetFileKind.File && !_context.Reached.Contains(file))];
        InventoryBlob[] lost = [.. _files.Lost.Where(blob => !_context.Missing.Contains(OciLayout.PathOf(blob.Digest)))];
        if (others.Length == 0 && lost.Length == 0)
            return;
        CheckedItem view = _root.AddChild(new CheckedItem(CheckedKind.View, "blobs") { Detail = "to which no image leads" });
        foreach (TargetFile file in others)
        {
            Digest digest = _files.BlobOf(file).Digest;
            _context.Ledger.Demand(file, digest.Algorithm);
            _others.Add((view.AddChild(new CheckedItem(CheckedKind.Blob, digest.ToString(), file.Size)), file));
        }
        foreach (InventoryBlob blob in lost)
        {
            string path = OciLayout.PathOf(blob.Digest);
            view.Add(Finding.Of(FaultCode.MissingBlob, "the catalogue knows a blob that is not here", new Place(path), blob.Digest.ToString()));
            _context.Want(path, blob.Digest, blob.Size);
        }
    }

    private void CheckDigest()
    {
        if (_context.Options.Digest is not { } wanted || _inventory.Manifests.Any(manifest => manifest.Digest == wanted))
            return;
        string found = string.Join(", ", _inventory.Manifests.Select(manifest => manifest.Digest).Distinct());
        _root.Add(Finding.Of(FaultCode.DigestMismatch, "no image has the digest that was asked for", new Place(""), wanted.ToString(), found.Length > 0 ? found : "none"));
    }

    private async Task CheckCidAsync(CancellationToken cancellationToken)
    {
        if (_context.Options.Cid is not { } wanted)
            return;
        List<Cid> found = [.. _inventory.Roots.Where(root => _inventory.Manifests.Any(manifest => manifest.Digest == root.Manifest)).Select(root => root.Root)];
        // Most images were named when they were pushed, and then their roots are among these.
        foreach (InventoryManifest manifest in found.Any(IsWanted) ? [] : _inventory.Manifests.Where(manifest => manifest.Cid is null))
        {
            try
            {
                if (await _store.ComputeCidAsync(manifest.Repository, manifest.Tag, manifest.Digest, cancellationToken).ConfigureAwait(false) is { } cid)
                    found.Add(cid);
            }
            catch (IpdrException)
            {
                // What is wrong with its documents was told with them; it has no CID.
            }
        }
        if (found.Any(IsWanted))
            _root.AddChild(new CheckedItem(CheckedKind.View, wanted.ToString()));
        else
            _root.Add(Finding.Of(FaultCode.CidMismatch, "no image has the CID that was asked for", new Place(""), wanted.ToString(), found.Count > 0 ? string.Join(", ", found.Distinct()) : "none"));

        bool IsWanted(Cid cid) => cid.Hash == wanted.Hash;
    }

    private async Task FindStraysAsync(CancellationToken cancellationToken)
    {
        List<Digest> unknown = [];
        foreach (FolderEntry entry in new FolderTree(_store.BlobsFolder).List(int.MaxValue, cancellationToken))
        {
            Place place = new($"blobs/{entry.Path}");
            if (entry.Kind == FolderEntryKind.Folder || _files.Has(place.File))
                continue;
            if (entry.Kind == FolderEntryKind.Unreadable)
                _root.Add(Finding.Of(FaultCode.Io, "the folder cannot be listed", place));
            else if (entry.Path.Split('/') is [var algorithm, var encoded] && Digest.TryParse($"{algorithm}:{encoded}", null, out Digest digest))
                unknown.Add(digest);
            else
                _root.Add(Finding.Of(FaultCode.BadBlobName, "the file's name is no digest", place));
        }
        foreach (Digest digest in await _store.FindStraysAsync(unknown, cancellationToken).ConfigureAwait(false))
        {
            Fault fault = new(FaultCode.StrayFile, "the catalogue does not know the file; a process that was killed has left it", "", "ipdr gc removes it.");
            _root.Add(Finding.Of(fault, new Place(OciLayout.PathOf(digest))));
        }
    }

    private static bool IsMeant(InventoryManifest manifest, RepositoryReference image) => manifest.Repository == image.Repository
        && (image.Digest is { } digest ? manifest.Digest == digest : manifest.Tag is { } tag && tag == image.Tag);
}
