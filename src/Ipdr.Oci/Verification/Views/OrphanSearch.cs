using System.Text.Json;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Finds what is in a layout and is not used. Contents are checked all the same: their names promise a digest.</summary>
internal sealed class OrphanSearch(VerificationContext context)
{
    // A description in Docker's first format has less than a page.
    private const int MaxV1Bytes = 64 << 10;

    private readonly List<(CheckedItem Item, TargetFile File, Digest Digest)> _orphans = [];

    /// <summary>Looks through the blobs of an OCI layout.</summary>
    /// <param name="view">Takes the findings.</param>
    /// <param name="hasRepository">The layout is a repository as well, whose blobs stand beside.</param>
    public void FindInLayout(CheckedItem view, bool hasRepository)
    {
        foreach (TargetFile file in context.Files.Under("blobs").Where(file => file.Kind == TargetFileKind.File))
        {
            string[] parts = file.Path.Split('/');
            DigestFault fault = parts.Length == 3 ? Digest.Read($"{parts[1]}:{parts[2]}", out Digest digest) : Digest.Read(parts[^1], out digest);
            bool isOfRepository = hasRepository && parts.Length == 2 && fault == DigestFault.None;
            if (isOfRepository || context.Reached.Contains(file))
                continue;
            if (parts.Length == 3 && fault == DigestFault.None && OciLayout.PathOf(digest) == file.Path)
                Add(view, file, digest);
            else if (parts.Length == 3 && fault == DigestFault.UnsupportedAlgorithm)
                view.Add(Finding.Of(FaultCode.OrphanBlob, "nothing leads to the blob, and its digest cannot be computed here", new Place(file.Path)));
            else if (context.Files.IsFolder)
                view.Add(Finding.Of(FaultCode.BadBlobName, "the file's name is no digest", new Place(file.Path)));
        }
    }

    public void Add(CheckedItem view, TargetFile file, Digest digest)
    {
        context.Ledger.Demand(file, digest.Algorithm);
        _orphans.Add((view, file, digest));
    }

    /// <summary>Judges the contents of what was found.</summary>
    public async Task JudgeAsync(CancellationToken cancellationToken)
    {
        foreach ((CheckedItem item, TargetFile file, Digest digest) in _orphans)
        {
            if (context.Judge.JudgeContent(item, file, digest, null))
            {
                bool isV1 = file.Size <= MaxV1Bytes && await IsV1Async(file, cancellationToken).ConfigureAwait(false);
                item.Add(isV1
                    ? Finding.Of(FaultCode.LeftoverV1, "a description in the format of Docker before 1.10, to which nothing leads", new Place(file.Path))
                    : Finding.Of(FaultCode.OrphanBlob, "nothing leads to the blob", new Place(file.Path), actual: $"{file.Size} bytes"));
            }
        }
    }

    private async Task<bool> IsV1Async(TargetFile file, CancellationToken cancellationToken)
    {
        try
        {
            if (await context.Files.ReadAsync(file, MaxV1Bytes, cancellationToken).ConfigureAwait(false) is not { } bytes || bytes.Span is not [(byte)'{', ..])
                return false;
            using JsonDocument json = JsonDocument.Parse(bytes);
            return json.RootElement.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: 64 } && !json.RootElement.TryGetProperty("mediaType", out _);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return false;
        }
    }
}
