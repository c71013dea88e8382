using System.CommandLine;
using Ipdr.Cli.Output;
using Ipdr.Cli.Usage;
using Ipdr.Oci.Distribution.Credentials;
using Ipdr.Oci.Faults;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr logout</c>: credentials are forgotten.</summary>
internal static class LogoutCommand
{
    private static readonly Argument<RegistryAddress?> Registry = new("HOST")
    {
        Description = "The registry, or the namespace of it, as it was logged in to.",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => Choices.Parse<RegistryAddress>(result, result.Tokens[^1].Value),
    };

    private static readonly Option<bool> All = new("--all", "-a") { Description = "Forget all credentials of the file, and all that its credential helpers list." };

    private static readonly Option<string?> AuthFile = new("--authfile") { Description = "The file. Default: that of ipdr login.", HelpName = "FILE" };

    public static Command Create()
    {
        Command command = new("logout", "Forget the credentials for a registry.") { Registry, All, AuthFile };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool all = parsed.GetValue(All);
        RegistryAddress? address = parsed.GetValue(Registry);
        if (all == address is not null)
            throw new UsageException(all ? $"--all is more than {address}: one of the two" : "HOST is missing, or --all");
        string? file = parsed.GetValue(AuthFile);
        CredentialFile credentials = LoginCommand.FileOf(file);
        if (address is null)
            await ForgetAllAsync(credentials, cancellationToken).ConfigureAwait(false);
        else
            await ForgetAsync(credentials, address, cancellationToken).ConfigureAwait(false);
        if (file is null && address is not null && await CredentialStore.OfProcess.WhereAsync(address, cancellationToken).ConfigureAwait(false) is { } where)
        {
            new ErrorReport(Console.Error, parsed.GetValue(GlobalOptions.LogLevel))
                .Warn([new Fault(FaultCode.Unchecked, "it has credentials for this registry still, and ipdr uses them", where)]);
        }
        return ExitCode.Done;
    }

    private static async Task ForgetAsync(CredentialFile credentials, RegistryAddress address, CancellationToken cancellationToken)
    {
        IReadOnlyList<CredentialKeeper> had = await credentials.EraseAsync(address, cancellationToken).ConfigureAwait(false);
        await SayAsync(had.Count == 0 ? $"not logged in to {address}" : $"logged out of {address}: no longer kept by {string.Join(" and ", had)}").ConfigureAwait(false);
    }

    private static async Task ForgetAllAsync(CredentialFile credentials, CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Key, CredentialKeeper Keeper)> had = await credentials.EraseAllAsync(cancellationToken).ConfigureAwait(false);
        foreach ((string key, CredentialKeeper keeper) in had)
            await SayAsync($"logged out of {key}: no longer kept by {keeper}").ConfigureAwait(false);
        if (had.Count == 0)
            await SayAsync("not logged in anywhere").ConfigureAwait(false);
    }

    private static Task SayAsync(string text) => Console.Out.WriteLineAsync(Printable.Of(text));
}
