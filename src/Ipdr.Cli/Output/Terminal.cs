using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace Ipdr.Cli.Output;

/// <summary>A terminal behind a standard stream, for what is drawn on it.</summary>
/// <remarks>Its size is asked of the system: the runtime's console would switch the terminal's keys to another mode first, and leave them so.</remarks>
/// <param name="writer">The stream.</param>
/// <param name="isRedirected">It leads elsewhere.</param>
internal sealed partial class Terminal(TextWriter writer, bool isRedirected) : IAnsiConsoleOutput
{
    // TIOCGWINSZ of Linux
    private const nuint GetWindowSize = 0x5413;

    // What terminals have that do not tell, since the first of them.
    private const int UsualColumns = 80, UsualRows = 24;

    // What is narrower than its own indentation is laid out for ever: that of an option in a help text, of the deepest blob in a tree. The terminal breaks what is longer than its lines.
    private const int LeastColumns = 60;

    /// <summary>Is the terminal so narrow that it breaks lines? Then what is drawn cannot be drawn over.</summary>
    public static bool IsNarrow => Size().Columns < LeastColumns;

    public TextWriter Writer => writer;

    public bool IsTerminal => !isRedirected;

    public int Width => Math.Max(Size().Columns, LeastColumns);

    public int Height => Size().Rows;

    /// <summary>Draws on standard output.</summary>
    public static IAnsiConsole OfOutput() => Open(new Terminal(Console.Out, Console.IsOutputRedirected));

    /// <summary>Draws on standard error.</summary>
    public static IAnsiConsole OfError() => Open(new Terminal(Console.Error, Console.IsErrorRedirected));

    /// <summary>How long a line on standard output may be: as long as it wants where that leads elsewhere than to a terminal.</summary>
    public static int ColumnsOfOutput() => Console.IsOutputRedirected ? int.MaxValue : Math.Max(Size().Columns, LeastColumns);

    public void SetEncoding(Encoding encoding)
    {
        // Everything is written in UTF-8.
    }

    private static IAnsiConsole Open(Terminal terminal) => AnsiConsole.Create(new AnsiConsoleSettings { Out = terminal });

    private static (int Columns, int Rows) Size()
    {
        if (!OperatingSystem.IsLinux())
            return (Console.WindowWidth, Console.WindowHeight);
        // Of its three streams one may lead elsewhere.
        for (int descriptor = 0; descriptor < 3; descriptor++)
        {
            if (Control(descriptor, GetWindowSize, out WindowSize size) == 0 && size.Columns > 0)
                return (size.Columns, size.Rows > 0 ? size.Rows : UsualRows);
        }
        return (UsualColumns, UsualRows);
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int file, nuint request, out WindowSize size);

    // struct winsize
    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort WidthInPixels;
        public ushort HeightInPixels;
    }
}
