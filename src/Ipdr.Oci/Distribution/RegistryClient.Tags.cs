using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Distribution;

/// <content>What a repository has.</content>
public sealed partial class RegistryClient
{
    // Registries give a hundred tags or more at once; this ends a list that never does.
    private const int MaxTagPages = 1_000;

    /// <summary>Lists the tags of the repository in the registry's own order, page by page (distribution-spec, "Listing Tags").</summary>
    /// <exception cref="IpdrException">There is no such repository (<see cref="FaultCode.NotFound"/>), access is refused, or the answer is no list of tags, or has no end.</exception>
    public async IAsyncEnumerable<Tag> ListTagsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Uri? page = Below("tags/list");
        for (int pages = 0; page is not null; pages++)
        {
            if (pages == MaxTagPages)
                throw new IpdrException(new Fault(FaultCode.Limit, $"the list of tags has more than {MaxTagPages} pages", Image.Name, "Name the tag that is wanted; this list has no end."));
            RegistryRequest request = new(HttpMethod.Get, page, PullScope) { Accept = ["application/json"] };
            using HttpResponseMessage answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw new IpdrException(new Fault(FaultCode.NotFound, "the registry has no such repository, or lists no tags", Image.Name, "Check the name."));
            await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
            foreach (Tag tag in await ReadTagsAsync(answer, cancellationToken).ConfigureAwait(false))
                yield return tag;
            page = NextPage(answer);
        }
    }

    private async Task<Tag[]> ReadTagsAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Uri uri = answer.RequestMessage!.RequestUri!;
        try
        {
            ReadOnlyMemory<byte> content = await SmallBody.ReadAsync(answer, Document.MaxBytes, Options.Patience, cancellationToken).ConfigureAwait(false);
            if (content.Length > Document.MaxBytes)
                throw RegistryFaults.BadAnswer(uri, $"a page of the list of tags is larger than the {Document.MaxBytes} bytes that are read");
            // Some registries say null of a repository from which everything was deleted.
            return [.. (JsonSerializer.Deserialize(content.Span, DistributionJson.Default.TagListAnswer)?.Tags ?? [])
                .Select(text => Tag.TryParse(text, null, out Tag tag) ? tag : throw RegistryFaults.BadAnswer(uri, "the registry lists a tag that can be none", actual: text))];
        }
        catch (JsonException e)
        {
            throw new IpdrException(RegistryFaults.BadAnswer(uri, "what the registry answers is no list of tags").Fault, e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw RegistryFaults.Unreachable(uri, e);
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
                return Uri.TryCreate(from, links[(start + 1)..end], out Uri? next) ? _transport.Resolve(from, next) : throw RegistryFaults.BadAnswer(from, "the next page of the list of tags has no address", actual: links);
            start = following;
        }
        return null;
    }
}
