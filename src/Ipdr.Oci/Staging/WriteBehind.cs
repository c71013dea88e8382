using Ipdr.Oci.Folders;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Staging;

/// <summary>Lets a file that is written from front to back go to the disk meanwhile, so that little is left when its end is waited for. Not safe for several threads.</summary>
/// <param name="start">Where the writing begins.</param>
internal sealed class WriteBehind(long start)
{
    // Large enough for any disk to be at its best, small enough that the last one costs no time.
    private const long StepBytes = 8 << 20;

    private long _begun = start;

    /// <summary>Tells how far the file is written.</summary>
    public void Written(SafeFileHandle file, long length)
    {
        if (length - _begun < StepBytes)
            return;
        Posix.BeginWriting(file, _begun, length - _begun);
        _begun = length;
    }
}
