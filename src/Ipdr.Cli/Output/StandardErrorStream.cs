namespace Ipdr.Cli.Output;

/// <summary>Standard error, for messages. One that cannot be written is lost: work does not fail because nobody can be told of it.</summary>
internal sealed class StandardErrorStream() : WrittenStream(Descriptor)
{
    private const int Descriptor = 2;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        int written;
        for (; buffer.Length > 0 && (written = WriteSome(buffer, out _)) > 0; buffer = buffer[written..])
        {
        }
        if (buffer.Length > 0)
            WriteToConsole(buffer);
    }

    // Interrupted writes and streams that do not wait are the console's to deal with.
    private static void WriteToConsole(ReadOnlySpan<byte> buffer)
    {
        try
        {
            using Stream console = Console.OpenStandardError();
            console.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The exit code tells; there is no other place to say it.
        }
    }
}
