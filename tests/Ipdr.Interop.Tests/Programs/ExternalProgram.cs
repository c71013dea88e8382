using System.Diagnostics;

namespace Ipdr.Interop.Tests.Programs;

/// <summary>A program of this machine: how to run it, bounded in time, and what to do when it is absent.</summary>
internal sealed record ExternalProgram(string Path)
{
    /// <summary>How long one run may take before it is killed and the test fails.</summary>
    /// <remarks>The slowest honest run (an engine importing an image on a busy machine) takes seconds.</remarks>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Arguments before those of each run.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>The program of that name on the PATH; without it the running test is skipped.</summary>
    public static ExternalProgram Require(string name)
    {
        string? path = Find(name);
        Assert.SkipWhen(path is null, $"{name} is not installed on this machine");
        return new ExternalProgram(path!);
    }

    public static string? Find(string name) => (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(["/usr/local/sbin", "/usr/sbin", "/sbin"])                                // where daemons live for people who are not root
        .Select(folder => System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public Task<ProgramResult> RunAsync(params IEnumerable<string> arguments) => RunAsync(input: null, arguments);

    /// <summary>Runs to the end, reading standard input from a file if one is given.</summary>
    public async Task<ProgramResult> RunAsync(string? input, IEnumerable<string> arguments)
    {
        using Process process = Start(arguments);
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Timeout);
        try
        {
            using MemoryStream output = new();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, deadline.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await FeedAsync(process, input, deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            await reading;
            return new ProgramResult(CommandLineOf(process), process.ExitCode, output.ToArray(), await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException($"{CommandLineOf(process)} did not end within {Timeout.TotalSeconds} s.");
        }
    }

    /// <summary>Starts it with its three streams redirected; the caller ends and disposes it.</summary>
    public Process Start(IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(Path, [.. Prefix, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in Environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task FeedAsync(Process process, string? input, CancellationToken cancellationToken)
    {
        try
        {
            if (input is not null)
            {
                await using FileStream file = File.OpenRead(input);
                await file.CopyToAsync(process.StandardInput.BaseStream, cancellationToken);
            }
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended without reading everything: its exit code tells whether that was right.
        }
    }

    private static string CommandLineOf(Process process) =>
        $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}";
}
