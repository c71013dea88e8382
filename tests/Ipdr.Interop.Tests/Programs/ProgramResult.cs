using System.Text;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>What a finished program left behind.</summary>
internal sealed record ProgramResult(string CommandLine, int ExitCode, ReadOnlyMemory<byte> Output, string Errors)
{
    /// <summary>The output as text, without the last line's end.</summary>
    public string Text => Encoding.UTF8.GetString(Output.Span).TrimEnd();

    public bool Succeeded => ExitCode == 0;

    /// <summary>The same result, once it is known to be a success.</summary>
    public ProgramResult OrFail()
    {
        if (!Succeeded)
            Assert.Fail($"{CommandLine}\nended with {ExitCode}\n{Errors}\n{Text}");
        return this;
    }
}
