using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Output;

/// <summary>Standard output. What cannot be written is an error that says so; the console's own stream keeps silent when the reader of a pipe has gone.</summary>
/// <param name="readerMayLeave">Text of which a reader, such as head, has seen enough. An archive that was not read to its end is lost.</param>
internal sealed class StandardOutputStream(bool readerMayLeave) : WrittenStream(Descriptor)
{
    /// <summary>Its number, on all systems but Windows.</summary>
    public const int Descriptor = 1;

    private const string Name = "standard output";

    // EPIPE, ENOSPC and EBADF have the same numbers on all systems but Windows. With dotnet, what was closed when it began may be a file by now that the runtime reads.
    private const int ReaderGone = 32, NoSpaceLeft = 28, NotForWriting = 9;

    private bool _readerHasLeft;

    /// <summary>Writes all of it.</summary>
    /// <exception cref="IpdrException">The volume is full, the stream fails, or it is closed or its reader has gone and had to stay.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (StandardStreams.IsOutputClosed)
            Leave("it is closed", "Send it to a file or into a pipe.");
        while (buffer.Length > 0 && !_readerHasLeft)
        {
            int written = WriteSome(buffer, out int error);
            switch (error)
            {
                case ReaderGone:
                    Leave("its reader ended before everything was written", "See why the command behind the pipe ended.");
                    break;
                case NotForWriting:
                    Leave("it is closed", "Send it to a file or into a pipe.");
                    break;
                default:
                    buffer = buffer[(written > 0 ? written : WriteToConsole(buffer))..];
                    break;
            }
        }
    }

    private void Leave(string why, string remedy)
    {
        _readerHasLeft = true;
        if (!readerMayLeave)
            throw new IpdrException(new Fault(FaultCode.Io, why, Name, remedy));
    }

    // Interrupted writes and streams that do not wait are the console's to deal with, and what is left is to be told.
    private static int WriteToConsole(ReadOnlySpan<byte> buffer)
    {
        try
        {
            using Stream console = Console.OpenStandardOutput();
            console.Write(buffer);
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
}
