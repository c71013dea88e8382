using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Signatures.Formats;

/// <summary>Reads what signatures are written in; whatever is wrong is a <see cref="FaultCode.BadSignature"/>.</summary>
internal static class SignatureText
{
    /// <summary>Reads a document.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="type">What it shall be.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="IpdrException">It is none.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type, string name)
        where T : class
    {
        // The reader looks at no text that it does not need.
        if (!Utf8.IsValid(bytes.Span))
            throw Bad($"the {name} is not UTF-8");
        try
        {
            return Document.Read(bytes, type, FaultCode.BadSignature, "");
        }
        catch (IpdrException e)
        {
            throw Bad($"the {name} is {e.Fault.What}", e);
        }
    }

    /// <summary>Reads base64 in either alphabet, with or without its padding (RFC 4648; DSSE and protobuf's JSON allow both).</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="IpdrException">It is none.</exception>
    public static byte[] ReadBase64(string text, string name)
    {
        string plain = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        byte[] bytes = new byte[plain.Length];
        // The reader would pass over white space, which neither format has.
        return !plain.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), bytes, out int length)
            ? bytes[..length]
            : throw Bad($"the {name} is not base64");
    }

    /// <summary>Free pairs as texts, by key.</summary>
    public static IReadOnlyDictionary<string, string> Annotations(Dictionary<string, JsonElement>? pairs)
    {
        SortedDictionary<string, string> texts = new(StringComparer.Ordinal);
        foreach ((string key, JsonElement value) in pairs ?? [])
            texts[key] = TextOf(value);
        return texts;
    }

    /// <summary>Says what is wrong with a signature.</summary>
    public static IpdrException Bad(string what, Exception? inner = null) => new(new Fault(FaultCode.BadSignature, what, ""), inner);

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which an escape can make, is no text.
            return value.GetRawText();
        }
    }
}
