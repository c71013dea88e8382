using System.Buffers.Text;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Verification.Documents;

/// <summary>Reads descriptors (image-spec, descriptor.md).</summary>
internal static class DescriptorReader
{
    private static readonly MediaType EmptyType = MediaType.Parse("application/vnd.oci.empty.v1+json");

    public static FoundDescriptor? Read(JsonView? at, bool inIndex = false)
    {
        if (at?.AsObject() is not { } view)
            return null;
        FoundDescriptor descriptor = new(view.Place)
        {
            MediaType = ReadMediaType(view, required: true),
            Digest = view.Require("digest") is { } digest ? ReadDigest(digest) : null,
            Size = ReadSize(view),
            ArtifactType = view.Text("artifactType"),
            Annotations = view.Texts("annotations"),
            Platform = inIndex ? ReadPlatform(view) : null,
        };
        foreach (JsonView url in view.Items("urls"))
        {
            if (url.AsText() is { } text && !Uri.TryCreate(text, UriKind.Absolute, out _))
                url.Report(FaultCode.BadUrl, "the entry is no absolute URL", actual: text);
        }
        CheckData(view, descriptor);
        if (descriptor.MediaType == EmptyType && (descriptor.Size is not (null or 2) || (descriptor.Digest is { } named && named != Digest.OfContent(named.Algorithm, "{}"u8))))
            view.Report("the empty descriptor names something else than the two bytes {}", "size 2 and the digest of {}", $"size {descriptor.Size}, {descriptor.Digest}");
        return descriptor;
    }

    /// <summary>A member <c>mediaType</c>; null when there is none or it is malformed.</summary>
    public static MediaType? ReadMediaType(JsonView view, bool required)
    {
        JsonView? member = required ? view.Require("mediaType") : view.Member("mediaType");
        if (member?.AsText() is not { } text)
            return null;
        if (MediaType.TryParse(text, null, out MediaType type))
            return type;
        member.Value.Report("the media type is not of the form type/subtype", actual: text);
        return null;
    }

    /// <summary>A text that must be a digest.</summary>
    public static Digest? ReadDigest(JsonView view)
    {
        if (view.AsText() is not { } text)
            return null;
        DigestFault reason = Digest.Read(text, out Digest digest);
        if (reason == DigestFault.None)
            return digest;
        Fault fault = DigestFormatException.Describe(reason, text);
        view.Report(fault.Code, fault.What, actual: text);
        return null;
    }

    private static long? ReadSize(JsonView view)
    {
        long? size = view.RequireNumber("size");
        if (size is < 0)
            view.Member("size")!.Value.Report("the size is negative");
        return size is < 0 ? null : size;
    }

    private static Platform? ReadPlatform(JsonView view)
    {
        if (view.Member("platform")?.AsObject() is not { } platform)
            return null;
        Platform found = new(platform.Text("architecture") ?? "", platform.Text("os") ?? "")
        {
            Variant = platform.Text("variant") is { Length: > 0 } variant ? variant : null,
            OsVersion = platform.Text("os.version") is { Length: > 0 } version ? version : null,
        };
        foreach (JsonView feature in platform.Items("os.features"))
            _ = feature.AsText();
        if (found.Architecture.Length == 0 || found.Os.Length == 0)
            platform.Report(FaultCode.IncompletePlatform, "the platform does not say both architecture and os");
        return found;
    }

    private static void CheckData(JsonView view, FoundDescriptor descriptor)
    {
        if (view.Member("data") is not { } member || member.AsText() is not { } text)
            return;
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
            member.Report("the data is not base64");
        else if (descriptor.Size is { } size && size != length)
            member.Report(FaultCode.DataMismatch, "the embedded data does not have the descriptor's size", $"{size} bytes", $"{length} bytes");
        else if (descriptor.Digest is { } digest && Digest.OfContent(digest.Algorithm, bytes.AsSpan(0, length)) is var actual && actual != digest)
            member.Report(FaultCode.DataMismatch, "the embedded data does not have the descriptor's digest", digest.ToString(), actual.ToString());
    }
}
