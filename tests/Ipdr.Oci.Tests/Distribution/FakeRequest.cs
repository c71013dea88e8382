namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What a client asked; header names in lower case.</summary>
internal sealed record FakeRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers)
{
    public long Length => Headers.TryGetValue("content-length", out string? text) ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;

    public string? this[string header] => Headers.GetValueOrDefault(header);
}
