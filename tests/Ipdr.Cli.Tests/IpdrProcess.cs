using System.Diagnostics;

namespace Ipdr.Cli.Tests;

/// <summary>The command as people run it: a process of its own.</summary>
internal static class IpdrProcess
{
    /// <summary>Runs the program.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The program itself.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ipdr.dll");

    /// <summary>Starts it with all its streams in hand.</summary>
    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Host, [Program, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Runs it to its end with nothing on its standard input.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(input: [], arguments);

    /// <summary>Runs it to its end with these bytes as standard input.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(byte[] input, params string[] arguments)
    {
        using Process process = Start(arguments);
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(token), error = process.StandardError.ReadToEndAsync(token);
        if (input.Length > 0)
            await process.StandardInput.BaseStream.WriteAsync(input, token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs a line of the shell to its end, in which <c>"$@"</c> is the program with these arguments.</summary>
    public static async Task<(int Code, string Output, string Error)> RunInShellAsync(string workingFolder, string script, params string[] arguments)
    {
        ProcessStartInfo start = new("sh", ["-c", script, "sh", Host, Program, .. arguments])
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(token), error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await error);
    }
}
