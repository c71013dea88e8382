using Ipdr.Oci.Conversion;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Staging;
using Ipdr.Oci.Store;

namespace Ipdr.Oci.Verification.Repair;

/// <summary>Puts blobs that the store has lost, or that have rotted, in their places again, taken from other places and verified.</summary>
/// <remarks>Each blob is put in place as a push does it, under the catalogue's write lock: others may use the store meanwhile.</remarks>
internal sealed class StoreRepair(ContentStore store, RepositoryReference? image, IReadOnlyList<string> places, VerificationOptions options, IContentObserver? observer)
{
    // A manifest that was repaired may show what else is missing: index, manifest, blobs, each in its own round.
    private const int MaxRounds = 16;

    private readonly List<RepairedContent> _repaired = [];

    /// <summary>Repairs what can be.</summary>
    /// <exception cref="IpdrException">A place cannot be read, or the store cannot be written.</exception>
    public async Task<IReadOnlyList<RepairedContent>> RunAsync(CancellationToken cancellationToken)
    {
        for (int round = 0; round < MaxRounds; round++)
        {
            VerificationReport report = await Verifier.VerifyAsync(VerificationTarget.OfStore(store, image), options with { Quick = true, Cid = null }, observer, cancellationToken).ConfigureAwait(false);
            if (report.Wanted.Count == 0 || !await RepairAsync(report.Wanted, cancellationToken).ConfigureAwait(false))
                break;
        }
        return _repaired;
    }

    // Each place is asked for what those before it did not have.
    private async Task<bool> RepairAsync(IReadOnlyList<WantedContent> wanted, CancellationToken cancellationToken)
    {
        int before = _repaired.Count;
        Dictionary<Digest, WantedContent> left = wanted.ToDictionary(content => content.Digest);
        foreach (string place in places)
        {
            if (left.Count == 0)
                break;
            using BlobFetch fetch = new(left.Values, store.Staging, options.Limits);
            await fetch.SearchAsync(place, cancellationToken).ConfigureAwait(false);
            foreach ((Digest digest, StagedFile file) in fetch.Found)
            {
                left.Remove(digest, out WantedContent? content);
                if (!await IsNewManifestAsync(digest, file, cancellationToken).ConfigureAwait(false) && await store.RestoreAsync(digest, file, cancellationToken).ConfigureAwait(false))
                    _repaired.Add(new RepairedContent(content!.Path, digest, place));
            }
        }
        return _repaired.Count > before;
    }

    // A platform that was never here is not lost: to bring it is what a copy does, with all that belongs to it.
    private async Task<bool> IsNewManifestAsync(Digest digest, StagedFile file, CancellationToken cancellationToken)
    {
        if (file.Length > Document.MaxBytes || store.Knows(digest))
            return false;
        await file.CompletedAsync().ConfigureAwait(false);
        byte[] content = new byte[file.Length];
        Stream stream = file.OpenRead();
        await using (stream.ConfigureAwait(false))
            await stream.ReadExactlyAsync(content, cancellationToken).ConfigureAwait(false);
        return IsManifest(content, digest);
    }

    private static bool IsManifest(ReadOnlyMemory<byte> content, Digest digest)
    {
        try
        {
            ManifestSummary.Read(content, null, digest.ToString());
            return true;
        }
        catch (IpdrException)
        {
            return false;
        }
    }
}
