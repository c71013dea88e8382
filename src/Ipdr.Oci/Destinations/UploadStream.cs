using System.Buffers;
using Ipdr.Oci.Store;
using Ipdr.Oci.Streams;

namespace Ipdr.Oci.Destinations;

/// <summary>Takes bytes in as the next ones of an upload.</summary>
/// <param name="upload">The upload, which stays the caller's.</param>
/// <param name="maxLength">Largest length of the whole blob, in bytes.</param>
internal sealed class UploadStream(BlobUpload upload, long maxLength) : WriteOnlyStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask(upload.AppendAsync(new ReadOnlySequence<byte>(buffer), maxLength));
    }
}
