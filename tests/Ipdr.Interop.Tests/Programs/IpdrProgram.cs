using System.Text.Json;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>The program under test, run as people run it: a process of its own.</summary>
/// <remarks>The ipdr built with these tests, or the file that the environment variable IPDR_PROGRAM names.</remarks>
internal static class IpdrProgram
{
    public static ExternalProgram Program { get; } = Locate();

    /// <summary>Converts, and fails the test unless ipdr did.</summary>
    public static async Task<ConversionReport> ConvertAsync(string source, string destination, params string[] options) =>
        ReportOf((await TryConvertAsync(source, destination, options)).OrFail());

    /// <summary>Converts what comes through a pipe.</summary>
    public static async Task<ConversionReport> ConvertInputAsync(string input, string destination, params string[] options) =>
        ReportOf((await Program.RunAsync(input, ArgumentsFor("-", destination, options))).OrFail());

    public static Task<ProgramResult> TryConvertAsync(string source, string destination, params string[] options) =>
        Program.RunAsync(ArgumentsFor(source, destination, options));

    public static string[] ArgumentsFor(string source, string destination, params string[] options) =>
        ["convert", source, "-o", destination, "--json", .. options];

    private static ConversionReport ReportOf(ProgramResult result) =>
        JsonSerializer.Deserialize<ConversionReport>(result.Output.Span, JsonSerializerOptions.Web)!;

    private static ExternalProgram Locate()
    {
        string? named = Environment.GetEnvironmentVariable("IPDR_PROGRAM");
        if (!string.IsNullOrEmpty(named))
            return new ExternalProgram(Path.GetFullPath(named));
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? ExternalProgram.Find("dotnet") ?? "dotnet";
        return new ExternalProgram(dotnet) { Prefix = [Path.Combine(AppContext.BaseDirectory, "ipdr.dll")] };
    }
}
