using Ipdr.Oci.Digests;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Archives;

/// <summary>An image's config as it is in the archive. Images that share a config share this: it is read and hashed once, however many they are. For one thread at a time.</summary>
/// <param name="bytes">Its bytes, never changed.</param>
/// <param name="content">What it says; null when it is broken.</param>
internal sealed class ArchivedConfig(ReadOnlyMemory<byte> bytes, ImageConfig? content)
{
    private Digest? _imageId;

    /// <summary>Its bytes, never changed.</summary>
    public ReadOnlyMemory<byte> Bytes => bytes;

    /// <summary>What it says; null when it is broken.</summary>
    public ImageConfig? Content => content;

    /// <summary>Its digest, by which engines know the image.</summary>
    public Digest ImageId => _imageId ??= Digest.OfContent(DigestAlgorithm.Sha256, bytes.Span);
}
