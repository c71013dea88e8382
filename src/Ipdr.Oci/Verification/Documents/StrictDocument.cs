using System.Text.Json;
using System.Text.Unicode;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>A JSON document that is read as strictly as the specifications ask, with a finding for each place where it is not as it should be.</summary>
/// <remarks>Strict means: UTF-8 without a byte order mark, no duplicate names (RFC 7493), depth within <see cref="MaxDepth"/>. Unknown members pass.</remarks>
internal sealed class StrictDocument : IDisposable
{
    /// <summary>Nesting of objects and arrays. The deepest member of the specifications is at 5.</summary>
    public const int MaxDepth = 64;

    private readonly JsonDocument _json;
    private readonly CheckedItem _item;

    private StrictDocument(JsonDocument json, string file, FaultCode code, CheckedItem item) => (_json, File, Code, _item) = (json, file, code, item);

    /// <summary>The document's own place.</summary>
    public string File { get; }

    /// <summary>What a broken document of this kind is called.</summary>
    public FaultCode Code { get; }

    /// <summary>Docker reads the names in <c>manifest.json</c> whatever their case.</summary>
    public bool IgnoresCase { get; init; }

    public JsonView Root => new(this, _json.RootElement, "");

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Parses a document; null when it is none, which is filed with the item then.</summary>
    /// <param name="bytes">The document; it must not change while the result is in use.</param>
    /// <param name="file">Its place.</param>
    /// <param name="code">What a broken document of this kind is called.</param>
    /// <param name="item">Takes the findings.</param>
    /// <param name="ignoreCase">Names are read whatever their case.</param>
    public static StrictDocument? Parse(ReadOnlyMemory<byte> bytes, string file, FaultCode code, CheckedItem item, bool ignoreCase = false)
    {
        Place place = new(file);
        if (bytes.Span.StartsWith(ByteOrderMark))
        {
            item.Add(Finding.Of(code, "the document starts with a byte order mark, which JSON does not allow", place with { ByteOffset = 0 }));
            bytes = bytes[ByteOrderMark.Length..];
        }
        if (!Utf8.IsValid(bytes.Span))
        {
            item.Add(Finding.Of(code, "the document is not UTF-8", place));
            return null;
        }
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            item.Add(Finding.Of(code, "the document is not valid JSON: " + Explain(e), place with { ByteOffset = OffsetOf(bytes.Span, e) }));
            return null;
        }
        StrictDocument document = new(json, file, code, item) { IgnoresCase = ignoreCase };
        document.CheckTexts(json.RootElement, "");
        return document;
    }

    public void Report(FaultCode code, string pointer, string what, string? expected = null, string? actual = null) =>
        _item.Add(Finding.Of(code, what, new Place(File) { JsonPointer = pointer }, expected, actual));

    public void Dispose() => _json.Dispose();

    // Every name and string is looked at once: escapes can make text that is no Unicode, and names may repeat anywhere.
    private void CheckTexts(JsonElement element, string pointer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                CheckMembers(element, pointer);
                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement child in element.EnumerateArray())
                    CheckTexts(child, JsonView.Join(pointer, index++));
                break;
            case JsonValueKind.String when !JsonView.TryText(element, out _):
                Report(Code, pointer, "the text has half of a surrogate pair, which is no Unicode");
                break;
        }
    }

    private void CheckMembers(JsonElement element, string pointer)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!JsonView.TryName(property, out string? name))
            {
                Report(Code, pointer, "a member's name has half of a surrogate pair, which is no Unicode");
                continue;
            }
            string child = JsonView.Join(pointer, name);
            if (!names.Add(name))
                Report(Code, child, "the member occurs twice; some readers take the first, others the last");
            CheckTexts(property.Value, child);
        }
    }

    // The library's texts repeat the place; what stands before it says what matters.
    private static string Explain(JsonException e) => e.Message.Split(" LineNumber: ")[0].Split(" Path: ")[0].Trim().TrimEnd('.');

    private static long OffsetOf(ReadOnlySpan<byte> bytes, JsonException e)
    {
        int start = 0;
        for (long line = 0; line < e.LineNumber; line++)
        {
            int end = bytes[start..].IndexOf((byte)'\n');
            if (end < 0)
                break;
            start += end + 1;
        }
        return Math.Min(bytes.Length, start + (e.BytePositionInLine ?? 0));
    }
}
