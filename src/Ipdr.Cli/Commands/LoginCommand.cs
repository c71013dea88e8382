using System.CommandLine;
using Ipdr.Cli.Inputs;
using Ipdr.Cli.Output;
using Ipdr.Cli.Places;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr login</c>: credentials are tried out and kept.</summary>
internal static class LoginCommand
{
    private static readonly Argument<RegistryAddress> Registry = new("HOST")
    {
        Description = "The registry, HOST[:PORT], or HOST/NAMESPACE for the repositories that begin so; Docker Hub is docker.io.",
        CustomParser = result => Choices.Parse<RegistryAddress>(result, result.Tokens[^1].Value),
    };

    private static readonly Option<string?> Username = new("--username", "-u") { Description = "The name. Default: it is asked for.", HelpName = "NAME" };

    private static readonly Option<bool> PasswordStdin = new("--password-stdin") { Description = "Read the password, or a token in its place, from standard input. On a command line others could see it, so there is no option for it." };

    private static readonly Option<string?> AuthFile = new("--authfile")
    {
        Description = "Keep it in this file. Default: $REGISTRY_AUTH_FILE, else config.json of $DOCKER_CONFIG or ~/.docker, where Docker, podman, skopeo and oras look too; a credential helper that the file names gets it.",
        HelpName = "FILE",
    };

    public static Command Create()
    {
        Command command = new("login", "Log in to a registry: name and password are tried out there, and kept if they are right.") { Registry, Username, PasswordStdin, AuthFile, RegistryArguments.Insecure };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        RegistryAddress address = parsed.GetRequiredValue(Registry);
        Credential credential = await AskAsync(parsed, address, cancellationToken).ConfigureAwait(false);
        bool proved = await RegistryLogin.ProveAsync(address, credential, new RegistryOptions { Insecure = parsed.GetValue(RegistryArguments.Insecure) }, cancellationToken).ConfigureAwait(false);
        string? file = parsed.GetValue(AuthFile);
        CredentialKeeper keeper = await FileOf(file).StoreAsync(address, credential, cancellationToken).ConfigureAwait(false);
        await Console.Out.WriteLineAsync(Printable.Of($"logged in to {address} as {credential.Username}: kept by {keeper}{(keeper.Helper is null ? ", readable by you alone and not encrypted" : "")}")).ConfigureAwait(false);
        List<Fault> warnings = [];
        if (!proved)
            warnings.Add(new Fault(FaultCode.Unchecked, "the registry asks nobody for a password here, so this one was not tried out", $"{address}"));
        if (file is null && await CredentialStore.OfProcess.WhereAsync(address, cancellationToken).ConfigureAwait(false) is { } where && where != keeper.File)
            warnings.Add(new Fault(FaultCode.NameConflict, "it has other credentials for this registry, and they go first", where));
        new ErrorReport(Console.Error, parsed.GetValue(GlobalOptions.LogLevel)).Warn(warnings);
        return ExitCode.Done;
    }

    /// <summary>The file that an option names, or the usual one.</summary>
    public static CredentialFile FileOf(string? authFile) => authFile is null ? CredentialFile.OfProcess : CredentialFile.At(authFile);

    private static async Task<Credential> AskAsync(ParseResult parsed, RegistryAddress address, CancellationToken cancellationToken)
    {
        bool piped = parsed.GetValue(PasswordStdin);
        string? name = parsed.GetValue(Username);
        if (piped && name is null)
            throw new UsageException("--password-stdin takes the password only: say the name with -u");
        if (!piped && !TerminalLine.IsThere)
            throw new UsageException("there is no terminal to ask for the password at: send it with --password-stdin");
        name ??= await TerminalLine.AskAsync($"Name at {address}: ", hidden: false, cancellationToken).ConfigureAwait(false);
        // RFC 7617, section 2: the first colon ends the name.
        if (name.Length == 0 || name.Contains(':', StringComparison.Ordinal))
            throw new UsageException(name.Length == 0 ? "the name is empty" : $"\"{name}\" has a colon in it, and no name at a registry has");
        string password = piped ? await TerminalLine.ReadAllAsync(cancellationToken).ConfigureAwait(false)
            : await TerminalLine.AskAsync("Password: ", hidden: true, cancellationToken).ConfigureAwait(false);
        return password.Length > 0 ? new Credential(name, password) : throw new UsageException("the password is empty");
    }
}
