using System.CommandLine;
using Ipdr.Cli.Output;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Store;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr rm</c>: names and manifests leave the store.</summary>
internal static class RemoveCommand
{
    private static readonly Argument<RepositoryReference[]> Names =
        StoreNames.Arguments("NAME", "REPOSITORY[:TAG] takes the name away; REPOSITORY@DIGEST takes the manifest and all its tags out of the repository.");

    private static readonly Option<bool> Silent = new("--silent", "-s") { Description = "Print nothing." };

    public static Command Create()
    {
        Command command = new("rm", "Remove names from the store. Space is freed by ipdr gc.") { Names, Silent };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using ContentStore store = ContentStore.Open(StoreHome.Locate());
        List<Fault> absent = [];
        foreach (RepositoryReference name in parsed.GetRequiredValue(Names))
        {
            bool removed = name.Digest is { } digest
                ? await store.DeleteManifestAsync(name.Repository, digest, cancellationToken).ConfigureAwait(false)
                : await store.DeleteTagAsync(name.Repository, name.Tag!.Value, cancellationToken).ConfigureAwait(false);
            if (!removed)
                absent.Add(StoreNames.Absent(name));
            else if (!parsed.GetValue(Silent))
                await Console.Out.WriteLineAsync(Printable.Of($"removed {name}")).ConfigureAwait(false);
        }
        return absent.Count == 0 ? ExitCode.Done : throw new IpdrException(absent);
    }
}
