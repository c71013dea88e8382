using System.Text.Unicode;

namespace Ipdr.Cli.Usage;

/// <summary>Words of the command line that are not UTF-8. The runtime has put U+FFFD where it could not read them, so nothing that is there has that name.</summary>
internal static class ArgumentEncoding
{
    private const string CommandLineFile = "/proc/self/cmdline";

    // Linux takes no more, whatever the limit of the stack: three quarters of 8 MiB.
    private const int MaxCommandLineBytes = 6 << 20;

    /// <summary>A sentence for each of them; none where the system does not tell how they were written.</summary>
    public static IEnumerable<string> Wrong(IReadOnlyList<string> arguments)
    {
        // A name may well have the replacement character in it.
        if (!OperatingSystem.IsLinux() || !arguments.Any(word => word.Contains('\uFFFD')))
            return [];
        byte[][] written = Read();
        // Before the arguments are the program, and perhaps what runs it.
        int first = written.Length - arguments.Count;
        return first < 0 ? [] : arguments.Where((_, i) => !Utf8.IsValid(written[first + i])).Select(word => $"{word} is not UTF-8: a file is read under another name, or from standard input");
    }

    private static byte[][] Read()
    {
        using FileStream file = new(CommandLineFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        byte[] bytes = new byte[MaxCommandLineBytes];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        List<byte[]> words = [];
        for (ReadOnlySpan<byte> rest = bytes.AsSpan(0, length); rest.IndexOf((byte)0) is >= 0 and int end; rest = rest[(end + 1)..])
            words.Add(rest[..end].ToArray());
        return [.. words];
    }
}
