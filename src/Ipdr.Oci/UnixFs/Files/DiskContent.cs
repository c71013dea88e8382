using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs.Importing;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>The content of a file on the disk, or of a part of one. The file is opened for each read: nothing is held in between.</summary>
/// <param name="path">Where the file is when it is read.</param>
/// <param name="start">Where in it the content begins, in bytes.</param>
internal sealed class DiskContent(string path, long start = 0) : FileContent
{
    public override string Name => path;

    // Who reads the file itself takes it for all of the content.
    public override string? Path => start == 0 ? path : null;

    public override async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = SourceFile.Open(path);
        for (int count; destination.Length > 0; destination = destination[count..], offset += count)
        {
            count = await SourceFile.ReadAsync(handle, path, destination, start + offset, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                throw Shorter();
        }
    }

    private IpdrException Shorter() =>
        new(new Fault(FaultCode.Truncated, "the file has become shorter since its CID was computed", path, "Run the command again when nobody writes there."));
}
