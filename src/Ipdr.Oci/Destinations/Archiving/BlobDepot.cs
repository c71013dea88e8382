using System.Collections.Concurrent;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries.Files;

namespace Ipdr.Oci.Destinations.Archiving;

/// <summary>Blobs that are needed more than once or in another order than they come: files of the source where it has them as files, else brought in.</summary>
internal sealed class BlobDepot(PartialBlobs partial) : IDisposable
{
    private readonly ConcurrentDictionary<Digest, BlobTransfer> _transfers = [];

    /// <summary>Makes sure that a blob can be read as often as it is needed.</summary>
    /// <exception cref="IpdrException">It is not what was promised, or cannot be had.</exception>
    public async Task AddAsync(BlobTransfer blob, CancellationToken cancellationToken)
    {
        if (await blob.FindLocalFileAsync(cancellationToken).ConfigureAwait(false) is null)
            await partial.WriteAsync(blob, cancellationToken).ConfigureAwait(false);
        _transfers[blob.Descriptor.Digest] = blob;
    }

    /// <summary>Opens a blob; the read that meets its end throws if it is not what was promised.</summary>
    /// <exception cref="IpdrException">It was not added.</exception>
    public async ValueTask<VerifyingStream> OpenAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (!_transfers.TryGetValue(blob.Digest, out BlobTransfer? transfer))
            throw new IpdrException(new Fault(FaultCode.MissingBlob, $"{blob.Digest} ({blob.MediaType}, {blob.Size} bytes) is needed and not there", "", "Copy to a place that can do without it, such as oci:DIR."));
        if (!partial.Holds(blob))
            return await transfer.OpenAsync(cancellationToken).ConfigureAwait(false);
        Stream kept = await new FileBlob(blob.Digest, blob.Size, partial.PathOf(blob.Digest)).OpenAsync(0, cancellationToken).ConfigureAwait(false);
        return new VerifyingStream(kept, blob.Digest, blob.Size, transfer.Where);
    }

    /// <summary>Reads a document that is a blob.</summary>
    /// <exception cref="IpdrException">It is too large, or not what was promised.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Descriptor blob, CancellationToken cancellationToken)
    {
        if (blob.Size > Document.MaxBytes)
            throw new IpdrException(new Fault(FaultCode.Limit, $"a config of {blob.Size} bytes is larger than the {Document.MaxBytes} bytes that are read", blob.Digest.ToString(), "No tool writes such a config; do not use this image."));
        VerifyingStream stream = await OpenAsync(blob, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // One byte more, so that the read that compares is made.
            byte[] content = new byte[blob.Size + 1];
            int count = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return content.AsMemory(0, count);
        }
    }

    /// <summary>Removes what was brought in, once it is not needed any more.</summary>
    public void Remove() => partial.Remove();

    public void Dispose() => partial.Dispose();
}
