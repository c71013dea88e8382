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
            await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(server), patience.Token).ConfigureAwait(false);
            process.StandardInput.Close();
            byte[] answer = await output.ConfigureAwait(false);
            _ = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? Read(program, answer) : Explain(program, Encoding.UTF8.GetString(answer));
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

    private static Process Start(string program)
    {
        try
        {
            ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            start.ArgumentList.Add("get");
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw Failed(program, "it cannot be run: " + e.Message.TrimEnd('.'), e);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[MaxAnswerBytes];
        int count = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
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

    // Every helper says it in these words when it simply has none.
    private static Credential? Explain(string program, string said) => said.Contains("credentials not found", StringComparison.Ordinal) || said.Contains("no credentials server URL", StringComparison.Ordinal) || said.Contains("no credentials username", StringComparison.Ordinal)
        ? null
        : throw Failed(program, "it fails: " + RegistryFaults.Printable(said));

    private static IpdrException Failed(string program, string what, Exception? e = null) =>
        new(new Fault(FaultCode.BadSettings, $"the credential helper cannot be asked: {what}", program, "Install it, or take it out of credsStore and credHelpers in ~/.docker/config.json."), e);
}
