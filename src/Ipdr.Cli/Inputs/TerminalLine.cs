using System.Runtime.InteropServices;
using System.Text;
using Ipdr.Cli.Usage;

namespace Ipdr.Cli.Inputs;

/// <summary>Lines that somebody types at a terminal, shown or not.</summary>
/// <remarks>The system is asked not to show them: the runtime's console would switch the terminal's keys to another mode, and leave them so.</remarks>
internal static partial class TerminalLine
{
    // No name and no token is longer; a terminal of Linux gives 4 KiB of a line at most.
    private const int MaxBytes = 64 << 10;

    // struct termios is 60 bytes on Linux and 72 on macOS, which have the local modes behind three words of their own size; ECHO is the same.
    private const int AttributeBytes = 128;
    private const byte Echo = 0x08;
    private const int Now = 0;

    private static int LocalModes => OperatingSystem.IsMacOS() ? 3 * sizeof(ulong) : 3 * sizeof(uint);

    /// <summary>Is there somebody to ask?</summary>
    public static bool IsThere => !Console.IsInputRedirected;

    /// <summary>Asks on standard error, and reads the answer.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="hidden">The answer is not shown.</param>
    /// <param name="cancellationToken">Gives up; the terminal is then as it was.</param>
    /// <exception cref="UsageException">The line is too long, or is no text.</exception>
    public static async Task<string> AskAsync(string question, bool hidden, CancellationToken cancellationToken)
    {
        byte[]? before = hidden && !OperatingSystem.IsWindows() ? HideAnswers() : null;
        try
        {
            await Console.Error.WriteAsync(question).ConfigureAwait(false);
            return hidden && OperatingSystem.IsWindows() ? ReadKeys() : await ReadAsync(untilLineEnd: true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (before is not null)
                SetAttributes(0, Now, before);
            // The end of the line was not shown either.
            if (hidden)
                await Console.Error.WriteLineAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Reads all of standard input, without the line end behind it: a key may have many lines.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public static Task<string> ReadAllAsync(CancellationToken cancellationToken) => ReadAsync(untilLineEnd: false, cancellationToken);

    private static async Task<string> ReadAsync(bool untilLineEnd, CancellationToken cancellationToken)
    {
        List<byte> read = [];
        byte[] one = new byte[1];
        StandardInputStream input = new();
        await using (input.ConfigureAwait(false))
        {
            // One by one: what follows a line is not ours.
            while (await input.ReadAsync(one, cancellationToken).ConfigureAwait(false) > 0 && !(untilLineEnd && one[0] == '\n'))
            {
                if (read.Count == MaxBytes)
                    throw new UsageException($"what is typed or sent is longer than {MaxBytes} bytes");
                read.Add(one[0]);
            }
        }
        string text = Decode([.. read]);
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text is [.. string line, '\n' or '\r'] ? line : text;
    }

    private static string Decode(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException("what is typed or sent is not UTF-8");
        }
    }

    // What the terminal was like; null if it cannot be changed.
    private static byte[]? HideAnswers()
    {
        byte[] before = new byte[AttributeBytes];
        if (GetAttributes(0, before) != 0)
            return null;
        byte[] silent = [.. before];
        int lowest = BitConverter.IsLittleEndian ? 0 : sizeof(uint) - 1;
        silent[LocalModes + lowest] &= unchecked((byte)~Echo);
        return SetAttributes(0, Now, silent) == 0 ? before : null;
    }

    private static string ReadKeys()
    {
        StringBuilder line = new();
        for (ConsoleKeyInfo key; (key = Console.ReadKey(intercept: true)).Key != ConsoleKey.Enter;)
        {
            if (key.Key == ConsoleKey.Backspace)
                line.Length = Math.Max(line.Length - 1, 0);
            else if (key.KeyChar != '\0')
                line.Append(key.KeyChar);
        }
        return line.ToString();
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int file, [Out] byte[] attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int file, int when, byte[] attributes);
}
