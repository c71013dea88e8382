using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Cli.Output;

/// <summary>The three streams of the process, made safe before anything uses them.</summary>
internal static class StandardStreams
{
    // Standard input, output and error have the first numbers.
    private const int Count = 3;

    /// <summary>Was standard output closed when the process began? Then nobody gets what is written there.</summary>
    public static bool IsOutputClosed { get; private set; }

    /// <summary>Opens those that are closed on nothing.</summary>
    /// <remarks>A file takes the lowest free number: where one of the three is free, a layer would get it, and messages be written into the layer.</remarks>
    public static void OpenClosed()
    {
        if (OperatingSystem.IsWindows())
            return;
        while (true)
        {
            SafeFileHandle nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (nothing.DangerousGetHandle() >= Count)
            {
                nothing.Dispose();
                return;
            }
            IsOutputClosed |= nothing.DangerousGetHandle() == StandardOutputStream.Descriptor;
            // Stays open as long as the process lives.
            nothing.SetHandleAsInvalid();
        }
    }

    /// <summary>From now on a result that cannot be written is an error that says where, and a message that cannot be written is lost.</summary>
    public static void Guard()
    {
        Console.SetOut(Writer(new StandardOutputStream(readerMayLeave: true)));
        Console.SetError(Writer(new StandardErrorStream()));
    }

    // Results are the same bytes under every locale, and names are printed as they are written on the disk; the console of Windows shows what its own encoding has.
    private static TextWriter Writer(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream, OperatingSystem.IsWindows() ? Console.OutputEncoding : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
}
