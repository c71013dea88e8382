using System.CommandLine;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Registries.Serving;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Ipdr.Server;

namespace Ipdr.Cli.Commands;

/// <summary><c>ipdr dig</c>: which CID a name has.</summary>
internal static class DigCommand
{
    private static readonly Argument<RepositoryReference> Name = StoreNames.Argument("NAME", "The name, REPOSITORY[:TAG], or a CID.");

    private static readonly Argument<string[]> Places = new("PLACE") { Description = "Look into these layouts, CARs and archives instead of the store.", Arity = ArgumentArity.ZeroOrMore };

    private static readonly Option<bool> Short = new("--short") { Description = "Print the CID, not the manifest." };

    public static Command Create()
    {
        Command command = new("dig", "Tell which CID a name has: in the store or in places on disk, or by a resolver; or the manifest that it leads to.")
        {
            Name, Places, Short, CidOptions.Resolvers, CidOptions.Gateways, CidOptions.CacheBytes,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Places) is { Length: > 0 } paths)
            return await RunAsync(parsed, paths, cancellationToken).ConfigureAwait(false);
        // Who names somebody else to ask needs no store.
        bool hasOthers = parsed.GetValue(CidOptions.Resolvers) is { Length: > 0 } || parsed.GetValue(CidOptions.Gateways) is { Length: > 0 };
        using ContentStore? store = hasOthers ? ContentStore.TryOpen(StoreHome.Locate()) : ContentStore.OpenExisting(StoreHome.Locate());
        return store is null
            ? await RunAsync(parsed, [], cancellationToken).ConfigureAwait(false)
            : await RunAsync(parsed, ServedContent.Of(store), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(ParseResult parsed, string[] paths, CancellationToken cancellationToken)
    {
        ServedPlaces places = await ServedPlaces.OpenAsync(paths, null, cancellationToken).ConfigureAwait(false);
        await using (places.ConfigureAwait(false))
            return await RunAsync(parsed, ServedContent.Of(places), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(ParseResult parsed, ServedContent content, CancellationToken cancellationToken)
    {
        RepositoryReference name = parsed.GetRequiredValue(Name);
        RenewedPool? gateways = CidOptions.OpenGateways(parsed);
        try
        {
            content = CidOptions.Complete(parsed, content, gateways);
            CidRegistry registry = content.OpenRegistry();
            string? text = parsed.GetValue(Short)
                ? (await FindAsync(content.Store, registry, name, cancellationToken).ConfigureAwait(false))?.ToVersion1().ToString()
                : await FindManifestAsync(registry, name, cancellationToken).ConfigureAwait(false) is { } manifest ? Encoding.UTF8.GetString(manifest.Content.Span) : null;
            await Console.Out.WriteLineAsync(text ?? throw Absent(name)).ConfigureAwait(false);
            return ExitCode.Done;
        }
        finally
        {
            if (gateways is not null)
                await gateways.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static async Task<Cid?> FindAsync(ContentStore? store, CidRegistry registry, RepositoryReference name, CancellationToken cancellationToken)
    {
        Cid? found = (store, name.Digest) switch
        {
            (null, _) => null,
            ({ } own, { } digest) => await own.FindCidAsync(name.Repository, digest, cancellationToken).ConfigureAwait(false),
            ({ } own, null) => await own.FindCidAsync(name.Repository, name.Tag!.Value, cancellationToken).ConfigureAwait(false),
        };
        return found ?? await registry.ResolveAsync(name.Repository, name.Tag ?? Tag.Latest, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask<RegistryManifest?> FindManifestAsync(CidRegistry registry, RepositoryReference name, CancellationToken cancellationToken) => name.Digest is { } digest
        ? registry.FindManifestAsync(name.Repository, digest, cancellationToken)
        : registry.FindManifestAsync(name.Repository, name.Tag!.Value, cancellationToken);

    private static IpdrException Absent(RepositoryReference name) =>
        new(new Fault(FaultCode.NotFound, "nothing has that name", name.ToString(), "See ipdr list, or name where to look with --cid-resolver."));
}
