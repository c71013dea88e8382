using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Staging;

/// <summary>Turns what the file system says into faults that say what to do.</summary>
internal static class DestinationIo
{
    // errno values that .NET passes on in HResult on Unix, and their Windows kin.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int AlreadyThere = 17;
    private const int ReadOnlyVolume = 30;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    public static void Guard(string path, Action action) =>
        Guard(path, () =>
        {
            action();
            return true;
        });

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
            throw new IpdrException(new Fault(FaultCode.Io, "it may not be written", path, "Choose a place that you may write to."), e);
        }
    }

    /// <summary>Says what went wrong with a file that was already chosen.</summary>
    public static IpdrException Explain(string path, Exception e) => e is UnauthorizedAccessException
        ? new IpdrException(new Fault(FaultCode.Io, "it may not be read or written", path, "Check the rights on it."), e)
        : e.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull
        ? new IpdrException(new Fault(FaultCode.DiskFull, "no space is left on the volume", path, "Free some space, or choose another volume; nothing half-written was left."), e)
        : new IpdrException(new Fault(FaultCode.Io, Say(e), path, "Check the place, then run the command again."), e);

    // .NET's own sentences repeat the path, and some say only half of it.
    private static string Say(Exception e) => e switch
    {
        PathTooLongException => "a name in the path is too long for the file system",
        DirectoryNotFoundException => "a folder of the path is not there, or is a file",
        FileNotFoundException => "it is not there",
        { HResult: AlreadyThere } => "a file stands where a folder is needed, or something has that name already",
        { HResult: ReadOnlyVolume } => "the volume is mounted for reading only",
        _ => e.Message.TrimEnd('.'),
    };
}
