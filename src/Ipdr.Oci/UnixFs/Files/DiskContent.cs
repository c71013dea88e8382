using Ipdr.Oci.Faults;
using Ipdr.Oci.UnixFs.Importing;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.UnixFs.Files;

/// <summary>The content of a file on the disk. The file is opened for each read: nothing is held in between.</summary>
/// <param name="path">Where the file is when it is read.</param>
internal sealed class DiskContent(string path) : FileContent
{
    public override string Name => path;

    public override string Path => path;

    public override async ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        using SafeFileHandle handle = SourceFile.Open(path);
        for (int count; destination.Length > 0; destination = destination[count..], offset += count)
        {
            count = await SourceFile.ReadAsync(handle, path, destination, offset, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                throw Shorter();
        }
    }

    private IpdrException Shorter() =>
        new(new Fault(FaultCode.Truncated, "the file has become shorter since its CID was computed", path, "Run the command again when nobody writes there."));
}
