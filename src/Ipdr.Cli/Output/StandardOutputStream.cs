using System.Runtime.InteropServices;
using Ipdr.Oci.Faults;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Cli.Output;

/// <summary>Standard output. What cannot be written is an error that says so; the console's own stream keeps silent when the reader of a pipe has gone.</summary>
/// <param name="readerMayLeave">Text of which a reader, such as head, has seen enough. An archive that was not read to its end is lost.</param>
internal sealed partial class StandardOutputStream(bool readerMayLeave) : WrittenStream
{
    /// <summary>Its number, on all systems but Windows.</summary>
    public const int Descriptor = 1;

    private const string Name = "standard output";

    // EPIPE, ENOSPC and EBADF have the same numbers on all systems but Windows. With dotnet, what was closed when it began may be a file by now that the runtime reads.
    private const int ReaderGone = 32, NoSpaceLeft = 28, NotForWriting = 9;

    private readonly SafeFileHandle _handle = new(Descriptor, ownsHandle: false);
    private readonly Stream _console = Console.OpenStandardOutput();
    private bool _readerHasLeft;

    /// <summary>Writes all of it.</summary>
    /// <exception cref="IpdrException">The volume is full, the stream fails, or it is closed or its reader has gone and had to stay.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (StandardStreams.IsOutputClosed)
            Leave("it is closed", "Send it to a file or into a pipe.");
        while (buffer.Length > 0 && !_readerHasLeft)
        {
            nint written = OperatingSystem.IsWindows() ? -1 : Write(_handle, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            switch (written < 0 && !OperatingSystem.IsWindows() ? Marshal.GetLastPInvokeError() : 0)
            {
                case ReaderGone:
                    Leave("its reader ended before everything was written", "See why the command behind the pipe ended.");
                    break;
                case NotForWriting:
                    Leave("it is closed", "Send it to a file or into a pipe.");
                    break;
                default:
                    written = written < 0 ? WriteToConsole(buffer) : written;
                    break;
            }
            buffer = buffer[(int)Math.Max(written, 0)..];
        }
    }

    private void Leave(string why, string remedy)
    {
        _readerHasLeft = true;
        if (!readerMayLeave)
            throw new IpdrException(new Fault(FaultCode.Io, why, Name, remedy));
    }

    // Interrupted writes and streams that do not wait are the console's to deal with, and what is left is to be told.
    private int WriteToConsole(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _console.Write(buffer);
            return buffer.Length;
        }
        catch (IOException e)
        {
            throw new IpdrException(
                e.HResult == NoSpaceLeft
                    ? new Fault(FaultCode.DiskFull, "no space is left on the volume", Name, "Free some space, or choose another volume.")
                    : new Fault(FaultCode.Io, e.Message.TrimEnd('.'), Name, "Check where it goes, then run the command again."),
                e);
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ref byte buffer, nint count);
}
