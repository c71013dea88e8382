using System.CommandLine;
using Ipdr.Cli.Output;
using Ipdr.Cli.Places;
using Ipdr.Oci.Distribution;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr rm</c>: names and manifests leave the store, or a registry.</summary>
internal static class RemoveCommand
{
    private static readonly Argument<RemovedName[]> Names = new("NAME")
    {
        Description = "REPOSITORY[:TAG] takes the name away; REPOSITORY@DIGEST takes the manifest and all its tags out of the repository. In a registry: docker://HOST/REPO:TAG, or @DIGEST.",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Choices.Parse<RemovedName>(result, token.Value)).OfType<RemovedName>()],
    };

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing." };

    public static Command Create()
    {
        Command command = new("rm", "Remove names from the store, whose space is freed by ipdr gc, or from a registry. Of one that cannot delete a tag alone, the manifest is deleted if no other tag needs it.")
        {
            Names, RegistryArguments.Insecure, RegistryArguments.AuthFile, Silent,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        RemovedName[] names = parsed.GetRequiredValue(Names);
        RegistryOptions registries = RegistryArguments.Read(parsed);
        using ContentStore? store = names.Any(name => name.Stored is not null) ? ContentStore.OpenExisting(StoreHome.Locate()) : null;
        List<Fault> faults = [];
        foreach (RemovedName name in names)
        {
            try
            {
                string removed = name.Stored is { } stored ? await RemoveAsync(store!, stored, cancellationToken).ConfigureAwait(false) : await RemoveAsync(name, registries, cancellationToken).ConfigureAwait(false);
                if (!parsed.GetValue(Silent))
                    await Console.Out.WriteLineAsync(Printable.Of($"removed {removed}")).ConfigureAwait(false);
            }
            catch (IpdrException e) when (names.Length > 1)
            {
                // The others may go all the same.
                faults.AddRange(e.Faults);
            }
        }
        return faults.Count == 0 ? ExitCode.Done : throw new IpdrException(faults);
    }

    private static async Task<string> RemoveAsync(ContentStore store, RepositoryReference name, CancellationToken cancellationToken)
    {
        bool removed = name.Digest is { } digest
            ? await store.DeleteManifestAsync(name.Repository, digest, cancellationToken).ConfigureAwait(false)
            : await store.DeleteTagAsync(name.Repository, name.Tag!.Value, cancellationToken).ConfigureAwait(false);
        return removed ? $"{name}" : throw new IpdrException(StoreNames.Absent(name));
    }

    private static async Task<string> RemoveAsync(RemovedName name, RegistryOptions registries, CancellationToken cancellationToken) =>
        await RegistryRemoval.RemoveAsync(name.Elsewhere!, registries, cancellationToken).ConfigureAwait(false) is { } digest && name.Elsewhere!.Tag is not null ? $"{name}, with its manifest {digest}" : $"{name}";
}
