using System.Net;
using System.Text.RegularExpressions;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Distribution;

/// <summary>What refers to the manifests of a repository, as the registry tells it, or as clients note it down where the registry cannot (distribution-spec, "Listing Referrers").</summary>
/// <param name="client">The repository.</param>
internal sealed partial class RegistryReferrers(RegistryClient client)
{
    // No manifest has so many; who sends more does not end.
    private const int MaxListed = 10_000, MaxPages = 1_000;

    /// <summary>The manifests that name <paramref name="subject"/> as their subject, by the registry's word.</summary>
    /// <exception cref="IpdrException">The registry does not answer, or there is no end to what it lists.</exception>
    public async Task<IReadOnlyList<Descriptor>> ListAsync(Digest subject, CancellationToken cancellationToken)
    {
        List<Descriptor> found = [];
        int pages = 0;
        for (Uri? next = client.Below($"referrers/{subject}"); next is not null; pages++)
        {
            if (await GetPageAsync(next, cancellationToken).ConfigureAwait(false) is not { } page)
                return (await FindNotedAsync(subject, cancellationToken).ConfigureAwait(false))?.Manifests ?? [];
            found.AddRange(page.Referrers);
            // A page may be empty, but not one after the other.
            if (found.Count > MaxListed || pages > MaxPages)
                throw new IpdrException(new Fault(FaultCode.Limit, "the list of what refers to a manifest does not end", $"{client.Image.Name}@{subject}", "Copy the image without --referrers."));
            next = page.Next;
        }
        return found;
    }

    /// <summary>Notes down that manifests refer to <paramref name="subject"/>, for a registry that does not list them itself.</summary>
    /// <exception cref="IpdrException">The registry does not answer, or refuses.</exception>
    public async Task NoteAsync(Digest subject, IReadOnlyList<Descriptor> referrers, CancellationToken cancellationToken)
    {
        if (ReferrerList.Add(await FindNotedAsync(subject, cancellationToken).ConfigureAwait(false), referrers) is { } noted)
            await PutNotedAsync(subject, noted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a manifest off the list of what refers to <paramref name="subject"/>, where clients keep one.</summary>
    /// <exception cref="IpdrException">The registry does not answer, or refuses.</exception>
    public async Task ForgetAsync(Digest subject, Digest referrer, CancellationToken cancellationToken)
    {
        if (ReferrerList.Remove(await FindNotedAsync(subject, cancellationToken).ConfigureAwait(false), referrer) is { } noted)
            await PutNotedAsync(subject, noted, cancellationToken).ConfigureAwait(false);
    }

    private async Task PutNotedAsync(Digest subject, ImageIndex noted, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> content = Document.Write(noted);
        Descriptor list = new(MediaType.OciIndex, Digest.OfContent(DigestAlgorithm.Sha256, content.Span), content.Length);
        await client.PutManifestAsync(list, content, ReferrerTag.ListOf(subject).ToString(), cancellationToken).ConfigureAwait(false);
    }

    // Null where the registry has no answer of its own.
    private async Task<(IReadOnlyList<Descriptor> Referrers, Uri? Next)?> GetPageAsync(Uri page, CancellationToken cancellationToken)
    {
        RegistryRequest request = new(HttpMethod.Get, page, client.PullScope) { Accept = [MediaType.OciIndex.ToString()] };
        return await client.Transport.ReadAsync(request, ReadPageAsync, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(IReadOnlyList<Descriptor> Referrers, Uri? Next)?> ReadPageAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (IsUnknown(answer.StatusCode))
            return null;
        await client.Transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        if (!MediaType.TryParse(answer.Content.Headers.ContentType?.MediaType, null, out MediaType type) || type != MediaType.OciIndex)
            return null;
        Uri from = answer.RequestMessage!.RequestUri!;
        ImageIndex index = Document.ReadIndex(await client.ReadDocumentAsync(answer, cancellationToken).ConfigureAwait(false), RegistryFaults.Shown(from));
        return (index.Manifests, NextOf(answer) is { } next ? client.Transport.Resolve(from, next) : null);
    }

    // Registries before version 1.1 of the spec know no such path, and some say so in a way of their own.
    private static bool IsUnknown(HttpStatusCode status) =>
        (int)status is >= 400 and < 500 and not (401 or 403 or 408 or 429) || status == HttpStatusCode.NotImplemented;

    private async Task<ImageIndex?> FindNotedAsync(Digest subject, CancellationToken cancellationToken)
    {
        string tag = ReferrerTag.ListOf(subject).ToString();
        return await client.TryGetManifestAsync(tag, cancellationToken).ConfigureAwait(false) is { MediaType.IsIndex: true } found
            ? Document.ReadIndex(found.Content, $"{client.Image.Name}:{tag}")
            : null;
    }

    // RFC 8288; the spec's "Listing Referrers" allows pages.
    private static Uri? NextOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out IEnumerable<string>? links)
            && links.Select(link => NextLink().Match(link)).FirstOrDefault(match => match.Success) is { } found
            && Uri.TryCreate(found.Groups[1].Value, UriKind.RelativeOrAbsolute, out Uri? next) ? next : null;

    [GeneratedRegex("<([^<>]*)>[^<>]*;\\s*rel=\"?next\"?\\s*(?:[;,]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NextLink();
}
