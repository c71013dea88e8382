using System.Buffers;
using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Dags;
using Ipdr.Oci.Store;
using Ipdr.Oci.Store.Naming;
using Ipdr.Oci.UnixFs.Reading;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Holds what the store's catalogue claims against the bytes: sizes, DiffIds, references, blocks and CIDs.</summary>
/// <remarks>
/// Of a blob that is not what its digest says nothing more is claimed falsely than that. CIDs are judged where all blobs and blocks are right: what is
/// wrong with those shows in each CID above them.
/// </remarks>
/// <param name="context">What all parts of the verification share.</param>
/// <param name="store">The store.</param>
/// <param name="inventory">What the catalogue claims.</param>
/// <param name="files">The blobs.</param>
/// <param name="item">Takes the findings.</param>
internal sealed class StoreClaims(VerificationContext context, ContentStore store, StoreInventory inventory, StoreFiles files, CheckedItem item)
{
    private const int MaxRepositories = 1000;
    private const int MaxLooks = 5;

    private readonly Dictionary<TargetFile, List<Digest>> _layers = [];
    private readonly HashSet<Multihash> _reached = [];
    private bool _areBlocksTrue = true;

    /// <summary>The place of a name in the catalogue.</summary>
    public static Place PlaceOf(InventoryManifest manifest) => new($"{ContentStore.CatalogueFile}{Fault.PlaceSeparator}{manifest.Name}");

    /// <summary>Asks for what has to be known of these blobs.</summary>
    public void Demand(IReadOnlyCollection<TargetFile> scope)
    {
        HashSet<TargetFile> inScope = [.. scope];
        foreach ((Digest diffId, Digest blob) in context.Options.Quick ? [] : inventory.Layers)
        {
            if (files.Find(OciLayout.PathOf(blob)) is not { } file || !inScope.Contains(file))
                continue;
            context.Ledger.Demand(file, blob.Algorithm);
            context.Ledger.DemandLayer(file, diffId.Algorithm);
            if (!_layers.TryGetValue(file, out List<Digest>? diffIds))
                _layers.Add(file, diffIds = []);
            diffIds.Add(diffId);
        }
    }

    /// <summary>Judges the claims, once the contents were read.</summary>
    public async Task CheckAsync(IReadOnlyCollection<TargetFile> scope, CancellationToken cancellationToken)
    {
        foreach (TargetFile file in scope.Where(files.IsSound))
            await CheckBlobAsync(file, cancellationToken).ConfigureAwait(false);
        foreach ((TargetFile file, List<Digest> diffIds) in _layers)
            CheckLayer(file, diffIds);
        foreach (InventoryManifest manifest in inventory.Manifests)
            await CheckManifestAsync(manifest, cancellationToken).ConfigureAwait(false);
        await CheckCidsAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckBlobAsync(TargetFile file, CancellationToken cancellationToken)
    {
        InventoryBlob blob = files.BlobOf(file);
        Place place = new(file.Path);
        if (blob.Size != file.Size)
        {
            item.Add(Finding.Of(FaultCode.SizeMismatch, "the catalogue says another size than the blob has", place, Bytes(blob.Size), Bytes(file.Size)));
            context.Want(file.Path, blob.Digest, file.Size);
        }
        BlobIndex? blocks = files.NodeOf(file) is { } node ? await BlobNaming.IndexAsync(node, cancellationToken).ConfigureAwait(false) : null;
        if (blob.Cid is { } said && blocks is not null && blocks.Cid != said)
            Disprove(Finding.Of(FaultCode.CidMismatch, "the catalogue says another CID of the blob than its bytes have", place, said.ToString(), blocks.Cid.ToString()));
        HashSet<(Multihash, long, int)> leaves = [.. blocks?.Slices ?? []];
        foreach ((Multihash hash, BlockPlace slice) in store.ListSlices(blob.Digest))
        {
            bool isLeaf = slice is { Head: null, Tail: null } && leaves.Contains((hash, slice.Start, slice.Length));
            if (!isLeaf && !await IsBlockAsync(hash, slice, cancellationToken).ConfigureAwait(false))
                Disprove(Finding.Of(FaultCode.BadNode, "the catalogue calls these bytes a block that they are not", place with { ByteOffset = slice.Start }, hash.ToString()));
        }
        CheckNodes(blob.Digest, place);
    }

    // Null is a blob that was collected since.
    private async Task<bool> IsBlockAsync(Multihash hash, BlockPlace slice, CancellationToken cancellationToken)
    {
        try
        {
            using IMemoryOwner<byte>? block = await store.ReadBlockAsync(slice, cancellationToken).ConfigureAwait(false);
            return block is null || (hash.IsVerifiable && hash.Matches(block.Memory.Span));
        }
        catch (IpdrException)
        {
            // The blob could be read before: the slice leads beyond its end.
            return false;
        }
    }

    private void CheckNodes(Digest owner, Place place)
    {
        foreach ((Multihash hash, byte[] content) in store.ListNodes(owner))
        {
            if (!hash.IsVerifiable || !hash.Matches(content))
                Disprove(Finding.Of(FaultCode.BadNode, "the catalogue keeps a block beside the blob that has not the hash by which it is asked for", place, hash.ToString()));
        }
    }

    private void CheckLayer(TargetFile file, List<Digest> diffIds)
    {
        ContentFacts facts = context.Ledger[file];
        foreach (Digest diffId in files.IsSound(file) ? diffIds : [])
        {
            if (facts.Plain.TryGetValue(diffId.Algorithm, out Digest actual) && actual != diffId)
                item.Add(Finding.Of(FaultCode.DigestMismatch, "the catalogue says that a layer became this blob, which does not have its DiffId", new Place(file.Path), diffId.ToString(), actual.ToString()));
        }
    }

    private async Task CheckManifestAsync(InventoryManifest manifest, CancellationToken cancellationToken)
    {
        if (files.Find(OciLayout.PathOf(manifest.Digest)) is not { } file || !files.IsSound(file) || await ReadAsync(file, cancellationToken).ConfigureAwait(false) is not { } summary)
            return;
        Place place = new(file.Path);
        if (manifest.ImageId is { } id && summary.Config is { } config && config.Digest != id)
            item.Add(Disagreement("the catalogue says another image ID than the manifest", place, config.Digest.ToString(), id.ToString()));
        if (store.ListReferences(manifest.Digest) is { } known)
        {
            foreach (Digest unknown in summary.References.Except(known))
                item.Add(Disagreement("the catalogue does not know that the manifest needs a blob; a collection would remove it", place, unknown.ToString(), null));
            foreach (Digest invented in known.Except(summary.References))
                item.Add(Disagreement("the catalogue says that the manifest refers to something to which it does not refer", place, null, invented.ToString()));
        }
        foreach (Descriptor blob in summary.NeededBlobs.DistinctBy(blob => blob.Digest))
        {
            if (files.Has(OciLayout.PathOf(blob.Digest)) && !store.Gives(manifest.Repository, manifest.Digest, blob.Digest))
                item.Add(Finding.Of(FaultCode.MissingBlob, $"the repository {manifest.Repository} does not give out a blob of its image, which the store has", place, blob.Digest.ToString()));
        }
    }

    // What is wrong with the document was told where it was walked.
    private async Task<ManifestSummary?> ReadAsync(TargetFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await files.ReadAsync(file, Document.MaxBytes, cancellationToken).ConfigureAwait(false) is { } content ? ManifestSummary.Read(content, null, file.Path) : null;
        }
        catch (Exception e) when (e is IpdrException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private async Task CheckCidsAsync(CancellationToken cancellationToken)
    {
        HashSet<Digest> manifests = [.. inventory.Manifests.Select(manifest => manifest.Digest)];
        (Cid Root, Digest Manifest)[] roots = [.. inventory.Roots.Where(root => manifests.Contains(root.Manifest))];
        InventoryManifest[] named = [.. inventory.Manifests.Where(manifest => manifest.Cid is not null)];
        if (roots.Length == 0 && named.Length == 0)
            return;
        if (!_areBlocksTrue || context.Wanted.Values.Any(content => store.Knows(content.Digest)))
        {
            item.Add(Finding.Of(FaultCode.Unchecked, "the CIDs of images were not checked, since blobs or blocks of the store are missing or wrong", new Place(ContentStore.CatalogueFile)));
            return;
        }
        foreach (InventoryManifest manifest in named)
            await CheckNameAsync(manifest, manifest.Cid!.Value, cancellationToken).ConfigureAwait(false);
        NodeReader nodes = new(store, new DagLimits());
        foreach ((Cid root, Digest manifest) in roots)
            await CheckRootAsync(nodes, root, manifest, cancellationToken).ConfigureAwait(false);
    }

    private Task CheckNameAsync(InventoryManifest manifest, Cid said, CancellationToken cancellationToken) => TellAsync(
        async () =>
        {
            try
            {
                // Null where layers are not here: then nobody can be told the CID by now.
                return await store.ComputeCidAsync(manifest.Repository, manifest.Tag, manifest.Digest, cancellationToken).ConfigureAwait(false) is { } actual && actual != said
                    ? Finding.Of(FaultCode.CidMismatch, "the catalogue says another CID of the image than it has under this name", PlaceOf(manifest), said.ToString(), actual.ToString())
                    : null;
            }
            catch (IpdrException e)
            {
                return Finding.Of(e.Fault, PlaceOf(manifest));
            }
        },
        () => store.Knows(manifest.Digest));

    private Task CheckRootAsync(NodeReader nodes, Cid root, Digest manifest, CancellationToken cancellationToken)
    {
        Place place = new($"{ContentStore.CatalogueFile}{Fault.PlaceSeparator}{root}");
        CheckNodes(manifest, new Place(OciLayout.PathOf(manifest)));
        return TellAsync(
            async () =>
            {
                try
                {
                    await FollowAsync(nodes, root, cancellationToken).ConfigureAwait(false);
                    return await HoldsAsync(root, manifest, cancellationToken).ConfigureAwait(false) ? null
                        : Finding.Of(FaultCode.CidMismatch, "the catalogue says that the CID leads to a manifest, and its DAG does not hold that", place, manifest.ToString());
                }
                catch (IpdrException e)
                {
                    // What was followed half is followed anew.
                    _reached.Clear();
                    return Finding.Of(e.Fault with { What = "what the CID leads to is not whole: " + e.Fault.What, Remedy = "" }, place);
                }
            },
            () => store.HasRoot(root, manifest));
    }

    // Something may be collected while it is looked at, and perhaps pushed again by the time that the catalogue is asked: what is wrong stays so.
    private async Task TellAsync(Func<Task<Finding?>> check, Func<bool> isThere)
    {
        Finding? finding = null;
        for (int looks = 0; looks < MaxLooks; looks++)
        {
            finding = await check().ConfigureAwait(false);
            if (finding is null || !isThere())
                return;
        }
        item.Add(finding!);
    }

    // Leaves are slices of blobs, which were held against their hashes with the blob.
    private async Task FollowAsync(NodeReader nodes, Cid root, CancellationToken cancellationToken)
    {
        Stack<Cid> left = new([root]);
        while (left.TryPop(out Cid cid))
        {
            if (cid.Hash.Code == MultihashCode.Identity || !_reached.Add(cid.Hash))
                continue;
            if (cid.Codec == Multicodec.Raw)
            {
                if (!store.HasBlock(cid))
                    throw DagFaults.Missing(cid);
                continue;
            }
            using UnixFsNode node = await nodes.ReadAsync(cid, cancellationToken).ConfigureAwait(false);
            foreach (DagPbLink link in node.Links)
                left.Push(link.Cid);
        }
    }

    private async Task<bool> HoldsAsync(Cid root, Digest manifest, CancellationToken cancellationToken)
    {
        DagRegistry registry = await DagRegistry.OpenAsync(root, store, cancellationToken).ConfigureAwait(false);
        foreach (RepositoryName repository in await registry.ListRepositoriesAsync("", MaxRepositories, cancellationToken).ConfigureAwait(false))
        {
            if (await registry.FindManifestAsync(repository, manifest, cancellationToken).ConfigureAwait(false) is not null)
                return true;
        }
        return false;
    }

    private void Disprove(Finding finding)
    {
        _areBlocksTrue = false;
        item.Add(finding);
    }

    private static Finding Disagreement(string what, Place place, string? expected, string? actual) => Finding.Of(
        new Fault(FaultCode.ViewsDisagree, what, "", "Push the image again.") { Expected = expected, Actual = actual }, place);

    private static string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} bytes");
}
