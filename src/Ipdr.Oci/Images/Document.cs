using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Images;

/// <summary>Reads and writes the JSON documents of images.</summary>
public static class Document
{
    /// <summary>Largest manifest, index or config that is read, in bytes: 4 MiB, what registries and other tools take (image-spec, manifest.md).</summary>
    public const int MaxBytes = 4 << 20;

    // Writes + and non-ASCII letters as themselves, as every other tool does.
    private static readonly OciJson Relaxed =
        new(new JsonSerializerOptions(OciJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads an image manifest, OCI or Docker schema 2.</summary>
    /// <exception cref="IpdrException">The bytes are no manifest; the code is <see cref="FaultCode.BadManifest"/> or a digest's own.</exception>
    public static ImageManifest ReadManifest(ReadOnlyMemory<byte> bytes, string where)
    {
        ImageManifest manifest = Read(bytes, OciJson.Default.ImageManifest, FaultCode.BadManifest, where);
        RequireSchema2(manifest.SchemaVersion, where);
        RequireKind(manifest.MediaType, type => type.IsManifest, "an image manifest", where);
        if (manifest.Extra?.ContainsKey("manifests") == true)
            throw Ambiguous(where);
        RequireElements(manifest.Layers, FaultCode.BadManifest, where, "/layers");
        RequireDescriptors([manifest.Config, .. manifest.Layers ?? [], .. manifest.Subject is { } subject ? [subject] : Array.Empty<Descriptor>()], where);
        return manifest;
    }

    /// <summary>Reads an image index, OCI or Docker manifest list.</summary>
    /// <exception cref="IpdrException">The bytes are no index; the code is <see cref="FaultCode.BadManifest"/> or a digest's own.</exception>
    public static ImageIndex ReadIndex(ReadOnlyMemory<byte> bytes, string where)
    {
        ImageIndex index = Read(bytes, OciJson.Default.ImageIndex, FaultCode.BadManifest, where);
        RequireSchema2(index.SchemaVersion, where);
        RequireKind(index.MediaType, type => type.IsIndex, "an image index", where);
        if (index.Extra is { } extra && (extra.ContainsKey("config") || extra.ContainsKey("layers")))
            throw Ambiguous(where);
        RequireElements(index.Manifests, FaultCode.BadManifest, where, "/manifests");
        RequireDescriptors(index.Manifests, where);
        return index;
    }

    /// <summary>Reads a descriptor that stands alone.</summary>
    /// <exception cref="IpdrException">The bytes are no descriptor; the code is <see cref="FaultCode.BadManifest"/> or a digest's own.</exception>
    public static Descriptor ReadDescriptor(ReadOnlyMemory<byte> bytes, string where)
    {
        Descriptor descriptor = Read(bytes, OciJson.Default.Descriptor, FaultCode.BadManifest, where);
        RequireDescriptors([descriptor], where);
        return descriptor;
    }

    /// <summary>Reads an image config.</summary>
    /// <exception cref="IpdrException">The bytes are no image config, or its <c>rootfs.type</c> is not <c>layers</c>; <see cref="FaultCode.BadConfig"/>.</exception>
    public static ImageConfig ReadConfig(ReadOnlyMemory<byte> bytes, string where)
    {
        ImageConfig config = Read(bytes, ConfigJson.Default.ImageConfig, FaultCode.BadConfig, where);
        RequireElements(config.History, FaultCode.BadConfig, where, "/history");
        return config.RootFs.Type == RootFileSystem.Layers
            ? config
            : throw new IpdrException(new Fault(FaultCode.BadConfig, "rootfs.type is not known", where + Fault.PlaceSeparator + "/rootfs/type", "Only file systems made of layers can be converted.")
            {
                Expected = RootFileSystem.Layers,
                Actual = config.RootFs.Type,
            });
    }

    /// <summary>Writes a manifest: fixed member order, no insignificant white space.</summary>
    public static ReadOnlyMemory<byte> Write(ImageManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Relaxed.ImageManifest);

    /// <summary>Writes an index: fixed member order, no insignificant white space.</summary>
    public static ReadOnlyMemory<byte> Write(ImageIndex index) => JsonSerializer.SerializeToUtf8Bytes(index, Relaxed.ImageIndex);

    /// <summary>Reads one JSON document strictly and turns whatever is wrong into a fault with its place.</summary>
    internal static T Read<T>(ReadOnlyMemory<byte> bytes, JsonTypeInfo<T> type, FaultCode code, string where)
        where T : class
    {
        if (bytes.Span.StartsWith(ByteOrderMark))
            throw new IpdrException(new Fault(code, "the document starts with a byte order mark, which JSON does not allow", where, "Remove the first three bytes, or save again with a current tool."));
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type)
                ?? throw new IpdrException(new Fault(code, "the document is null", where, "Save the image again."));
        }
        catch (JsonException e) when (e.InnerException is DigestFormatException digest)
        {
            throw new IpdrException(digest.Fault.Within(Place(where, e)), e);
        }
        catch (JsonException e)
        {
            throw new IpdrException(new Fault(code, Explain(e), Place(where, e), "Save the image again; this document was damaged or written by a broken tool."), e);
        }
    }

    /// <summary>Refuses lists with a <c>null</c> in them, which the reader lets pass.</summary>
    internal static void RequireElements<T>(IReadOnlyList<T>? list, FaultCode code, string where, string pointer)
        where T : class
    {
        for (int i = 0; i < list?.Count; i++)
        {
            if (list[i] is null)
                throw new IpdrException(new Fault(code, "not a valid document: an element of a list is null", $"{where}{Fault.PlaceSeparator}{pointer}/{i}", "Save the image again; this document was damaged or written by a broken tool."));
        }
    }

    private static string Place(string where, JsonException e)
    {
        string place = where;
        if (!string.IsNullOrEmpty(e.Path) && e.Path != "$")
            place += Fault.PlaceSeparator + JsonPointer(e.Path);
        return e.LineNumber is { } line ? $"{place}{Fault.PlaceSeparator}line {line + 1}, byte {e.BytePositionInLine + 1}" : place;
    }

    // The reader says $.a.b[0]; the rest of the world writes /a/b/0 (RFC 6901).
    private static string JsonPointer(string path) =>
        path.Replace("$", "", StringComparison.Ordinal).Replace("['", "/", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal)
            .Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

    // The library's texts name .NET types and repeat the place; its first sentence says what matters.
    private static string Explain(JsonException e)
    {
        string text = e.Message.Split(" Path: ")[0].Trim();
        if (text.Contains("could not be converted to", StringComparison.Ordinal))
            text = "a value has the wrong type or form";
        else if (text.StartsWith("The input does not contain any JSON tokens", StringComparison.Ordinal))
            text = "it is empty";
        else if (text.StartsWith("Duplicate property '", StringComparison.Ordinal) && text.Split('\'') is [_, var name, ..])
            text = $"the member \"{name}\" occurs twice";
        else if (text.StartsWith("JSON deserialization for type", StringComparison.Ordinal) && text.Contains("missing required", StringComparison.Ordinal))
            text = "required members are missing: " + text[(text.LastIndexOf(':') + 1)..].Trim(' ', '.');
        return "not a valid document: " + text.TrimEnd('.');
    }

    private static void RequireSchema2(int version, string where)
    {
        if (version != 2)
        {
            throw new IpdrException(new Fault(FaultCode.BadManifest, "schemaVersion is not supported", where, "Schema 1 images cannot be converted: pull the image with a current engine and save it again.")
            {
                Expected = "2",
                Actual = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            });
        }
    }

    private static void RequireKind(MediaType? found, Func<MediaType, bool> fits, string wanted, string where)
    {
        if (found is { } type && !fits(type))
        {
            throw new IpdrException(new Fault(FaultCode.BadManifest, "the document says it is something else than what it is used as", where, "One of them lies; do not use this image.")
            {
                Expected = wanted,
                Actual = type.ToString(),
            });
        }
    }

    // CVE-2021-41190: a document that can be read both ways is read differently by different tools.
    private static IpdrException Ambiguous(string where) =>
        new(new Fault(FaultCode.BadManifest, "the document is both a manifest and an index", where, "Tools disagree on what it means; do not use this image."));

    private static void RequireDescriptors(IEnumerable<Descriptor> descriptors, string where)
    {
        foreach (Descriptor descriptor in descriptors)
        {
            if (descriptor.Size < 0)
                throw new IpdrException(new Fault(FaultCode.BadManifest, $"the size of {descriptor.Digest} is negative", where, "Save the image again."));
            if (descriptor.Data is { } data)
                RequireContent(descriptor, data, where);
        }
    }

    // Tools may take the embedded content for the blob: it must be the same (image-spec, descriptor.md).
    private static void RequireContent(Descriptor descriptor, string data, string where)
    {
        byte[] content = new byte[Base64.GetMaxDecodedFromUtf8Length(data.Length)];
        if (!Convert.TryFromBase64String(data, content, out int length))
            throw new IpdrException(new Fault(FaultCode.BadManifest, $"the data that is embedded for {descriptor.Digest} is not base64", where, "Save the image again; this document was damaged or written by a broken tool."));
        Digest actual = Digest.OfContent(descriptor.Digest.Algorithm, content.AsSpan(0, length));
        if (length != descriptor.Size || actual != descriptor.Digest)
        {
            throw new IpdrException(new Fault(FaultCode.DataMismatch, "the content that is embedded in a descriptor is not that of the blob", where, "One of them lies; do not use this image.")
            {
                Expected = $"{descriptor.Digest}, {descriptor.Size} bytes",
                Actual = $"{actual}, {length} bytes",
            });
        }
    }
}
