using Ipdr.Oci.Faults;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.UnixFs.Importing;

/// <summary>Files that are read to be named. What the system says becomes a fault with the file's place.</summary>
internal static class SourceFile
{
    // What the framework puts in the place of bytes that are no text; the file is not found by such a name.
    private const char NoUtf8 = '\ufffd';

    // EWOULDBLOCK of Linux and macOS: the framework asks for a shared lock, and somebody who writes holds the file for a moment.
    private const int LockedOnLinux = 11;
    private const int LockedOnMacOS = 35;
    private const int MaxTries = 250;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Opens a file; waits up to five seconds for one that is locked.</summary>
    public static SafeFileHandle Open(string path) => Guard(path, () =>
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (IOException e) when (e.HResult is LockedOnLinux or LockedOnMacOS && tries < MaxTries)
            {
#pragma warning disable RS0030 // Opening is synchronous here, on a worker of its own; the wait is short and rare.
                Thread.Sleep(Pause);
#pragma warning restore RS0030
            }
        }
    });

    public static async ValueTask<int> ReadAsync(SafeFileHandle handle, string path, Memory<byte> destination, long offset, CancellationToken cancellationToken)
    {
        try
        {
            return await RandomAccess.ReadAsync(handle, destination, offset, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw Explain(path, e);
        }
    }

    /// <summary>Reads until <paramref name="destination"/> is full or the file ends.</summary>
    public static int Fill(SafeFileHandle handle, string path, Span<byte> destination, long offset)
    {
        int done = 0;
        try
        {
            for (int count = 1; count > 0 && done < destination.Length; done += count)
                count = RandomAccess.Read(handle, destination[done..], offset + done);
        }
        catch (IOException e)
        {
            throw Explain(path, e);
        }
        return done;
    }

    public static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IOException e)
        {
            throw Explain(path, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IpdrException(new Fault(FaultCode.Io, "it may not be read", path, "Run as somebody who may read it, or leave it out with --exclude."), e);
        }
    }

    private static IpdrException Explain(string path, IOException e) => new(
        e is not (FileNotFoundException or DirectoryNotFoundException)
            ? new Fault(FaultCode.Io, e.Message.TrimEnd('.'), path, "Check the place, then run the command again.")
            : path.Contains(NoUtf8)
                ? new Fault(FaultCode.BadName, "its name is not UTF-8, as all names in IPFS are", path, "Give it another name.")
                : new Fault(FaultCode.Io, "there is no such file or folder", path, "Check the name."),
        e);
}
