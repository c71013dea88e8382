using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>A layer of a Docker archive: plain tar, which every engine reads.</summary>
/// <param name="DiffId">Its digest.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Stored">The blob that decompresses to it.</param>
internal sealed record DockerArchiveLayer(Digest DiffId, long Size, Descriptor Stored)
{
    private const int ReadBytes = 256 << 10;

    // What an archive of ours may expand to at most: as much as conversion takes.
    private static readonly long MaxBytes = new ArchiveLimits().MaxLayerBytes;

    /// <summary>Decompresses a blob once, to learn its size and to see that it is the layer that the config promises.</summary>
    /// <exception cref="IpdrException">It is not, or cannot be decompressed.</exception>
    public static async Task<DockerArchiveLayer> MeasureAsync(Descriptor stored, Digest diffId, int position, BlobDepot blobs, CancellationToken cancellationToken)
    {
        using DigestHasher hasher = DigestHasher.Create(diffId.Algorithm);
        Stream plain = await OpenPlainAsync(stored, blobs, cancellationToken).ConfigureAwait(false);
        await using (plain.ConfigureAwait(false))
        {
            byte[] buffer = new byte[ReadBytes];
            long size = 0;
            for (int count; (count = await plain.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                if ((size += count) > MaxBytes)
                    throw new IpdrException(new Fault(FaultCode.Limit, $"the layer expands to more than {MaxBytes} bytes", stored.Digest.ToString(), "Do not use this image."));
                hasher.Append(buffer.AsSpan(0, count));
            }
            Digest actual = hasher.Finish();
            return actual == diffId ? new DockerArchiveLayer(diffId, size, stored) : throw new IpdrException(ContentFaults.DiffId(stored.Digest.ToString(), position, diffId, actual));
        }
    }

    /// <summary>Opens the plain bytes.</summary>
    public ValueTask<Stream> OpenAsync(BlobDepot blobs, CancellationToken cancellationToken) => OpenPlainAsync(Stored, blobs, cancellationToken);

    private static async ValueTask<Stream> OpenPlainAsync(Descriptor stored, BlobDepot blobs, CancellationToken cancellationToken)
    {
        PeekedStream content = new(await blobs.OpenAsync(stored, cancellationToken).ConfigureAwait(false), leaveOpen: false);
        try
        {
            ReadOnlyMemory<byte> start = await content.PeekAsync(CompressionDetector.PrefixLength, cancellationToken).ConfigureAwait(false);
            return Decompression.Open(content, CompressionDetector.Detect(start.Span));
        }
        catch
        {
            await content.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
