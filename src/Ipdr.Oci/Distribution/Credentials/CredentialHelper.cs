using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution.Credentials;

/// <summary>Asks a program <c>docker-credential-NAME</c> for a secret, or gives it one to keep. No shell is involved.</summary>
internal static class CredentialHelper
{
    private const int MaxAnswerBytes = 1 << 20;
    private const string TokenUser = "<token>";

    // A helper may ask its user for a password first.
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    /// <summary>The program that a helper is.</summary>
    public static string ProgramOf(string name) => "docker-credential-" + name;

    /// <summary>The secret for a server; null if the helper has none.</summary>
    /// <param name="name">The helper's name, as settings have it.</param>
    /// <param name="server">The registry, as settings have it.</param>
    /// <param name="cancellationToken">Gives up, and ends the helper.</param>
    /// <exception cref="IpdrException">It cannot be run, or says something else; <see cref="FaultCode.BadSettings"/>.</exception>
    public static async Task<Credential?> GetAsync(string name, string server, CancellationToken cancellationToken) =>
        await RunAsync(name, "get", Encoding.UTF8.GetBytes(server), cancellationToken).ConfigureAwait(false) is { } answer ? Read(ProgramOf(name), answer) : null;

    /// <summary>Has the helper keep a secret, in place of what it has for that server.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public static async Task StoreAsync(string name, string server, Credential credential, CancellationToken cancellationToken)
    {
        HelperEntry entry = new(server, credential.Username, credential.Secret);
        if (await RunAsync(name, "store", JsonSerializer.SerializeToUtf8Bytes(entry, CredentialJson.Default.HelperEntry), cancellationToken).ConfigureAwait(false) is null)
            throw Failed(ProgramOf(name), "it keeps nothing");
    }

    /// <summary>Has the helper forget a secret.</summary>
    /// <inheritdoc cref="GetAsync"/>
    /// <returns>False if it says that it has none; not every helper says so.</returns>
    public static async Task<bool> EraseAsync(string name, string server, CancellationToken cancellationToken) =>
        await RunAsync(name, "erase", Encoding.UTF8.GetBytes(server), cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>The servers that the helper has secrets for.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public static async Task<IReadOnlyCollection<string>> ListAsync(string name, CancellationToken cancellationToken)
    {
        byte[] answer = await RunAsync(name, "list", [], cancellationToken).ConfigureAwait(false) ?? [];
        try
        {
            return answer.Length > 0 && JsonSerializer.Deserialize(answer, CredentialJson.Default.DictionaryStringString) is { } listed ? listed.Keys : [];
        }
        catch (JsonException e)
        {
            throw Failed(ProgramOf(name), "what it says is not JSON", e);
        }
    }

    // What it answers; null if it says that it has no such secret.
    private static async Task<byte[]?> RunAsync(string name, string action, byte[] question, CancellationToken cancellationToken)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw Failed(name, "the name of the helper is not one");
        string program = ProgramOf(name);
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Timeout);
        using Process process = Start(program, action);
        try
        {
            Task<byte[]> output = ReadAsync(process.StandardOutput.BaseStream, patience.Token), error = ReadAsync(process.StandardError.BaseStream, patience.Token);
            await AskAsync(process, question, patience.Token).ConfigureAwait(false);
            byte[] answer = await output.ConfigureAwait(false), complaint = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            if (process.ExitCode == 0)
                return answer;
            Explain(program, process.ExitCode, Encoding.UTF8.GetString(answer), Encoding.UTF8.GetString(complaint));
            return null;
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

    private static Process Start(string program, string action)
    {
        string path = Find(program);
        try
        {
            ProcessStartInfo start = new(path) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add(action);
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed(program, "it cannot be run: " + e.Message.TrimEnd('.'), e);
        }
    }

    // One that has the same secret for every server need not read which it is.
    private static async Task AskAsync(Process process, byte[] question, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(question, cancellationToken).ConfigureAwait(false);
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

    // Returns where it simply has none.
    private static void Explain(string program, int code, string said, string complaint)
    {
        // Every helper says it in these words.
        if (said.Contains("credentials not found", StringComparison.Ordinal) || said.Contains("no credentials server URL", StringComparison.Ordinal) || said.Contains("no credentials username", StringComparison.Ordinal))
            return;
        string reason = string.IsNullOrWhiteSpace(said) ? complaint : said;
        throw Failed(program, string.IsNullOrWhiteSpace(reason) ? $"it fails with exit code {code} and does not say why" : "it fails: " + RegistryFaults.Printable(reason));
    }

    private static IpdrException Failed(string program, string what, Exception? e = null) =>
        new(new Fault(FaultCode.BadSettings, $"the credential helper cannot be asked: {what}", program, "Install it, or take it out of credsStore and credHelpers in ~/.docker/config.json."), e);
}
