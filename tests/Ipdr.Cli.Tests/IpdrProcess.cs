using System.Diagnostics;

namespace Ipdr.Cli.Tests;

/// <summary>The command as people run it: a process of its own.</summary>
internal static class IpdrProcess
{
    public static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync(input: [], arguments);

    /// <summary>Runs it to its end with these bytes as standard input.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(byte[] input, params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path.Combine(AppContext.BaseDirectory, "ipdr.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(token), error = process.StandardError.ReadToEndAsync(token);
        if (input.Length > 0)
            await process.StandardInput.BaseStream.WriteAsync(input, token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(token);
        return (process.ExitCode, await output, await error);
    }
}
