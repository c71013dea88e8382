using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Asks a program <c>docker-credential-NAME</c> for a secret. No shell is involved.</summary>
internal static class CredentialHelper
{
    private const int MaxAnswerBytes = 1 << 20;
    private const string TokenUser = "<token>";

    // A helper may ask its user for a password first.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>The secret for a server; null if the helper has none.</summary>
    /// <param name="name">The helper's name, as settings have it.</param>
    /// <param name="server">The registry, as settings have it.</param>
    /// <param name="cancellationToken">Gives up, and ends the helper.</param>
    /// <exception cref="IpdrException">It cannot be run, or says something else; <see cref="FaultCode.BadSettings"/>.</exception>
    public static async Task<Credential?> GetAsync(string name, string server, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw Failed(name, "the name of the helper is not one");
        string program = "docker-credential-" + name;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Timeout);
        using Process process = Start(program);
        try
        {
            Task<byte[]> output = ReadAsync(process.StandardOutput.BaseStream, patience.Token), error = ReadAsync(process.StandardError.BaseStream, patience.Token);
            await AskAsync(process, server, patience.Token).ConfigureAwait(false);
            byte[] answer = await output.ConfigureAwait(false), complaint = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? Read(program, answer) : Explain(program, process.ExitCode, Encoding.UTF8.GetString(answer), Encoding.UTF8.GetString(complaint));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(program, "it does not answer", e);
        }
        catch (IOException e)
        {
            throw Failed(program, e.Message.TrimEnd('.'), e);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    // .NET would look into the folder of this program and into the current one first, and whatever lies there with that name would be run.
    private static string Find(string program)
    {
        string file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, file)).FirstOrDefault(IsProgram)
            ?? throw Failed(program, "it is in none of the folders of PATH");
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    private static Process Start(string program)
    {
        string path = Find(program);
        try
        {
            ProcessStartInfo start = new(path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add("get");
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed(program, "it cannot be run: " + e.Message.TrimEnd('.'), e);
        }
    }

    // One that has the same secret for every server need not read which it is.
    private static async Task AskAsync(Process process, string server, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(server), cancellationToken).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Its answer and its exit code tell whether that was right.
        }
    }

    // What is too much is read all the same, or it would wait for that.
    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[MaxAnswerBytes];
        int count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        await stream.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        return bytes[..count];
    }

    private static Credential? Read(string program, byte[] answer)
    {
        try
        {
            HelperAnswer? read = JsonSerializer.Deserialize(answer, CredentialJson.Default.HelperAnswer);
            if (read is not { Secret: { Length: > 0 } secret })
                return null;
            return read.Username == TokenUser ? new Credential("", secret, CredentialKind.IdentityToken) : new Credential(read.Username ?? "", secret);
        }
        catch (JsonException e)
        {
            throw Failed(program, "what it says is not JSON", e);
        }
    }

    private static Credential? Explain(string program, int code, string said, string complaint)
    {
        // Every helper says it in these words when it simply has none.
        if (said.Contains("credentials not found", StringComparison.Ordinal) || said.Contains("no credentials server URL", StringComparison.Ordinal) || said.Contains("no credentials username", StringComparison.Ordinal))
            return null;
        string reason = string.IsNullOrWhiteSpace(said) ? complaint : said;
        throw Failed(program, string.IsNullOrWhiteSpace(reason) ? $"it fails with exit code {code} and does not say why" : "it fails: " + RegistryFaults.Printable(reason));
    }

    private static IpdrException Failed(string program, string what, Exception? e = null) =>
        new(new Fault(FaultCode.BadSettings, $"the credential helper cannot be asked: {what}", program, "Install it, or take it out of credsStore and credHelpers in ~/.docker/config.json."), e);
}
