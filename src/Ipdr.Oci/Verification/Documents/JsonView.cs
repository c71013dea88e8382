using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>A value in a <see cref="StrictDocument"/> with its place. Whatever is asked of it and is not so becomes a finding.</summary>
internal readonly struct JsonView(StrictDocument document, JsonElement element, string pointer)
{
    // Entries of one array that are looked at; the largest manifests have some hundred.
    private const int MaxItems = 100_000;

    public StrictDocument Document => document;

    /// <summary>Where it is in its document (RFC 6901).</summary>
    public string Pointer => pointer;

    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    public Place Place => new(document.File) { JsonPointer = pointer };

    /// <summary>The pointer of a member.</summary>
    public static string Join(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The pointer of an array's element.</summary>
    public static string Join(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>The text of a string; false when it has half of a surrogate pair.</summary>
    public static bool TryText(JsonElement element, out string text)
    {
        try
        {
            text = element.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    /// <summary>A member's name; false when it has half of a surrogate pair.</summary>
    public static bool TryName(JsonProperty property, [NotNullWhen(true)] out string? name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = null;
            return false;
        }
    }

    /// <summary>This value as an object; null and a finding when it is none.</summary>
    public JsonView? AsObject() => Is(JsonValueKind.Object, "an object") ? this : null;

    /// <summary>This value as a text; null and a finding when it is none.</summary>
    public string? AsText() => Is(JsonValueKind.String, "a string") && TryText(element, out string text) ? text : null;

    /// <summary>The elements of this array; none and a finding when it is no array.</summary>
    public IReadOnlyList<JsonView> AsItems()
    {
        if (!Is(JsonValueKind.Array, "an array"))
            return [];
        if (element.GetArrayLength() > MaxItems)
            Report(FaultCode.Limit, "the array has too many entries; the rest was not looked at", $"at most {MaxItems}", $"{element.GetArrayLength()}");
        List<JsonView> items = new(Math.Min(element.GetArrayLength(), MaxItems));
        foreach (JsonElement item in element.EnumerateArray().Take(MaxItems))
            items.Add(new JsonView(document, item, Join(pointer, items.Count)));
        return items;
    }

    /// <summary>A member, or null when there is none or it is JSON's null.</summary>
    public JsonView? Member(string name)
    {
        JsonView? found = null;
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!TryName(property, out string? spelt) || !string.Equals(spelt, name, StringComparison.OrdinalIgnoreCase))
                continue;
            if (spelt == name || document.IgnoresCase)
                found = property.Value.ValueKind == JsonValueKind.Null ? null : new JsonView(document, property.Value, Join(pointer, spelt));
            else
                document.Report(document.Code, Join(pointer, spelt), $"the member is spelt {name}; readers written in Go take this for it, others do not");
        }
        return found;
    }

    /// <summary>A member that must be there.</summary>
    public JsonView? Require(string name)
    {
        JsonView? member = Member(name);
        if (member is null && element.ValueKind == JsonValueKind.Object)
            document.Report(document.Code, Join(pointer, name), "the member is required and missing");
        return member;
    }

    public bool Has(string name) => Member(name) is not null;

    public string? Text(string name) => Member(name)?.AsText();

    public string? RequireText(string name) => Require(name)?.AsText();

    /// <summary>A member that is a whole number.</summary>
    public long? RequireNumber(string name) => Require(name) is { } member ? member.AsNumber() : null;

    public bool? Flag(string name)
    {
        if (Member(name) is not { } member)
            return null;
        return member.IsFlag(out bool value) ? value : null;
    }

    public IReadOnlyList<JsonView> Items(string name) => Member(name)?.AsItems() ?? [];

    /// <summary>A member that maps names to texts.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string key, JsonView value) in Member(name)?.AsObject()?.Pairs() ?? [])
        {
            if (value.AsText() is { } text)
                texts[key] = text;
        }
        return texts;
    }

    public IReadOnlyList<(string Name, JsonView Value)> Pairs()
    {
        List<(string, JsonView)> pairs = [];
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (TryName(property, out string? name))
                pairs.Add((name, new JsonView(document, property.Value, Join(pointer, name))));
        }
        return pairs;
    }

    /// <summary>A finding at this place, called after the kind of the document.</summary>
    public void Report(string what, string? expected = null, string? actual = null) => document.Report(document.Code, pointer, what, expected, actual);

    /// <summary>A finding at this place.</summary>
    public void Report(FaultCode code, string what, string? expected = null, string? actual = null) => document.Report(code, pointer, what, expected, actual);

    private long? AsNumber()
    {
        if (!Is(JsonValueKind.Number, "a whole number"))
            return null;
        if (element.TryGetInt64(out long number))
            return number;
        Report("the number is no whole number of 64 bits", "a whole number", element.GetRawText() is { Length: <= 40 } text ? text : "a longer one");
        return null;
    }

    private bool IsFlag(out bool value)
    {
        value = element.ValueKind == JsonValueKind.True;
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return true;
        return Is(JsonValueKind.True, "true or false");
    }

    private bool Is(JsonValueKind kind, string wanted)
    {
        if (element.ValueKind == kind)
            return true;
        Report("the value has the wrong type", wanted, NameOf(element.ValueKind));
        return false;
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
