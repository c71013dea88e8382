using System.Net.Http.Headers;

namespace Ipdr.Oci.Distribution;

/// <summary>A request to a registry, which can be made again.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Where to; relative to the registry, or what the registry itself named.</param>
/// <param name="Scopes">What is to be done, as token servers have it.</param>
internal sealed record RegistryRequest(HttpMethod Method, Uri Target, IReadOnlyList<string> Scopes)
{
    /// <summary>Media types that are understood.</summary>
    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>Where to begin, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>Makes the body; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>May it be sent again when nobody knows what became of it?</summary>
    public bool CanRepeat { get; init; } = true;

    /// <summary>Shall the body be sent only when the registry wants it? Then a refusal is heard that it gives before it has read all.</summary>
    public bool AsksFirst { get; init; }

    /// <summary>Ends the waiting, instead of the usual patience; a body that is being sent knows best.</summary>
    public CancellationToken Patience { get; init; }

    public HttpRequestMessage ToMessage(Uri target, AuthenticationHeaderValue? authorization)
    {
        HttpRequestMessage message = new(Method, target) { Content = Content?.Invoke() };
        message.Headers.Authorization = authorization;
        message.Headers.UserAgent.ParseAdd("ipdr");
        if (AsksFirst)
            message.Headers.ExpectContinue = true;
        message.Version = System.Net.HttpVersion.Version20;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        foreach (string type in Accept)
            message.Headers.TryAddWithoutValidation("Accept", type);
        if (Offset > 0)
            message.Headers.Range = new RangeHeaderValue(Offset, null);
        return message;
    }
}
