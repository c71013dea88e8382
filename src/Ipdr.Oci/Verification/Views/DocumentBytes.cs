using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>Documents that no descriptor speaks of.</summary>
internal static class DocumentBytes
{
    /// <summary>The whole document; null, and a finding, if it is too large or cannot be read.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFiles files, CheckedItem item, TargetFile file, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte>? bytes = await files.ReadAsync(file, Document.MaxBytes, cancellationToken).ConfigureAwait(false);
            if (bytes is null)
                item.Add(Finding.Of(FaultCode.Limit, "the document is too large", new Place(file.Path), $"at most {Document.MaxBytes} bytes", $"{file.Size} bytes"));
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            item.Add(Finding.Of(FaultCode.Io, "the document cannot be read: " + e.Message.TrimEnd('.'), new Place(file.Path)));
            return null;
        }
    }
}
