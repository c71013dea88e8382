using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Distribution;

/// <content>What a repository has, and which repositories a registry has.</content>
public sealed partial class RegistryClient
{
    // Registries give a hundred names or more at once; this ends a list that never does.
    private const int MaxPages = 1_000;

    // Of docker-registry and those that follow it; no part of distribution-spec.
    private const string Catalog = "v2/_catalog";

    /// <summary>Lists the tags of the repository in the registry's own order, page by page (distribution-spec, "Listing Tags").</summary>
    /// <exception cref="IpdrException">There is no such repository (<see cref="FaultCode.NotFound"/>), access is refused, or the answer is no list of tags, or has no end.</exception>
    public async IAsyncEnumerable<Tag> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Fault absent = new(FaultCode.NotFound, "the registry has no such repository, or lists no tags", Image.Name, "Check the name.");
        await foreach ((NameListAnswer page, Uri from) in ListAsync(Below("tags/list"), PullScope, absent, cancellationToken).ConfigureAwait(false))
        {
            // Some registries say null of a repository from which everything was deleted.
            foreach (string text in page.Tags ?? [])
                yield return Tag.TryParse(text, null, out Tag tag) ? tag : throw RegistryFaults.BadAnswer(from, "the registry lists a tag that can be none", actual: text);
        }
    }

    /// <summary>Lists the repositories of the whole registry, as far as it tells them: the large public ones do not.</summary>
    /// <exception cref="IpdrException">The registry does not tell (<see cref="FaultCode.NotFound"/>), access is refused, or the answer is no list of repositories, or has no end.</exception>
    public async IAsyncEnumerable<ImageReference> ListRepositoriesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Fault absent = new(FaultCode.NotFound, "the registry does not tell its repositories", Image.Host, "Name them one by one.");
        await foreach ((NameListAnswer page, Uri from) in ListAsync(new Uri(Catalog, UriKind.Relative), ["registry:catalog:*"], absent, cancellationToken).ConfigureAwait(false))
        {
            foreach (string text in page.Repositories ?? [])
                yield return ImageReference.TryParse($"{Image.Host}/{text}", null, out ImageReference? repository) && repository.Repository == text ? repository : throw RegistryFaults.BadAnswer(from, "the registry lists a repository that can be none", actual: text);
        }
    }

    private async IAsyncEnumerable<(NameListAnswer Page, Uri From)> ListAsync(Uri first, IReadOnlyList<string> scope, Fault absent, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Uri? page = first;
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MaxPages)
                throw new IpdrException(new Fault(FaultCode.Limit, $"the list has more than {MaxPages} pages", absent.Where, "Name what is wanted; this list has no end."));
            RegistryRequest request = new(HttpMethod.Get, page, scope) { Accept = ["application/json"] };
            (NameListAnswer names, Uri from, page) = await _transport.ReadAsync(request, (answer, token) => ReadNamesAsync(answer, absent, token), cancellationToken).ConfigureAwait(false);
            yield return (names, from);
        }
    }

    private async Task<(NameListAnswer Names, Uri From, Uri? Next)> ReadNamesAsync(HttpResponseMessage answer, Fault absent, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.NotFound)
            throw new IpdrException(absent);
        await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
        Uri uri = answer.RequestMessage!.RequestUri!;
        ReadOnlyMemory<byte> content = await SmallBody.ReadAsync(answer, Document.MaxBytes, Options.Patience, cancellationToken).ConfigureAwait(false);
        if (content.Length > Document.MaxBytes)
            throw RegistryFaults.BadAnswer(uri, $"a page of the list is larger than the {Document.MaxBytes} bytes that are read");
        try
        {
            return (JsonSerializer.Deserialize(content.Span, DistributionJson.Default.NameListAnswer) ?? new NameListAnswer(), uri, NextPage(answer));
        }
        catch (JsonException e)
        {
            throw new IpdrException(RegistryFaults.BadAnswer(uri, "what the registry answers is no list of names").Fault, e);
        }
    }

    // RFC 8288: <target>; rel="next", perhaps among others.
    private Uri? NextPage(HttpResponseMessage answer)
    {
        Uri from = answer.RequestMessage!.RequestUri!;
        string links = answer.Headers.TryGetValues("Link", out IEnumerable<string>? values) ? string.Join(", ", values) : "";
        for (int start = links.IndexOf('<', StringComparison.Ordinal); start >= 0;)
        {
            int end = links.IndexOf('>', start);
            if (end < 0)
                break;
            int following = links.IndexOf('<', end);
            string parameters = links[end..(following < 0 ? links.Length : following)].Replace("\"", "", StringComparison.Ordinal);
            if (parameters.Contains("rel=next", StringComparison.OrdinalIgnoreCase))
                return Uri.TryCreate(from, links[(start + 1)..end], out Uri? next) ? _transport.Resolve(from, next) : throw RegistryFaults.BadAnswer(from, "the next page of the list has no address", actual: links);
            start = following;
        }
        return null;
    }
}
