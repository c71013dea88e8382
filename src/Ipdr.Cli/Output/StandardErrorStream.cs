namespace Ipdr.Cli.Output;

/// <summary>Standard error, for messages. One that cannot be written is lost: work does not fail because nobody can be told of it.</summary>
internal sealed class StandardErrorStream : WrittenStream
{
    private readonly Stream _error = Console.OpenStandardError();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _error.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The exit code tells; there is no other place to say it.
        }
    }
}
