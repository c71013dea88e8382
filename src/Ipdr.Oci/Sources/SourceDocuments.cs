using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Sources;

/// <summary>Documents of places that are not trusted.</summary>
internal static class SourceDocuments
{
    /// <summary>Refuses a descriptor of something too large for a manifest.</summary>
    /// <exception cref="IpdrException"><see cref="FaultCode.Limit"/>.</exception>
    public static void RequireDocumentSize(Descriptor manifest, string place)
    {
        if (manifest.Size > Document.MaxBytes)
            throw new IpdrException(new Fault(FaultCode.Limit, $"a manifest of {manifest.Size} bytes is larger than the {Document.MaxBytes} bytes that are read", $"{place}{Fault.PlaceSeparator}{manifest.Digest}", "No tool writes such a manifest; do not use this image."));
    }

    /// <summary>The document, once it was compared with its descriptor.</summary>
    /// <exception cref="SizeMismatchException">It has another size.</exception>
    /// <exception cref="DigestMismatchException">It has another digest.</exception>
    public static ReadOnlyMemory<byte> Check(ReadOnlyMemory<byte> content, Descriptor manifest, string place)
    {
        string where = $"{place}{Fault.PlaceSeparator}{manifest.Digest}";
        if (content.Length != manifest.Size)
            throw new SizeMismatchException(manifest.Size, content.Length, where);
        Digest actual = Digest.OfContent(manifest.Digest.Algorithm, content.Span);
        return actual == manifest.Digest ? content : throw new DigestMismatchException(manifest.Digest, actual, where);
    }

    /// <summary>Reads a whole file that is a document.</summary>
    /// <exception cref="IpdrException">It is too large; <see cref="FaultCode.Limit"/>.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(SafeFileHandle handle, string where, CancellationToken cancellationToken)
    {
        long length = RandomAccess.GetLength(handle);
        if (length > Document.MaxBytes)
            throw new IpdrException(new Fault(FaultCode.Limit, $"the document is larger than {Document.MaxBytes} bytes", where, "Is this a manifest?"));
        byte[] content = new byte[length];
        int done = 0;
        for (int count; done < length; done += count)
        {
            count = await RandomAccess.ReadAsync(handle, content.AsMemory(done), done, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                break;
        }
        return content.AsMemory(0, done);
    }

    /// <summary>Says that content which is referred to is not there.</summary>
    public static Fault Missing(Descriptor content, string place) => new(
        FaultCode.MissingBlob, $"{content.Digest} ({content.MediaType}, {content.Size} bytes) is needed and not there", place, "Fetch or save the image again, with every platform that is needed.");
}
