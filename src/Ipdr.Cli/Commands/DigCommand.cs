using System.CommandLine;
using System.Text;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Gateways.Pooling;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.Registries;
using Ipdr.Oci.Resolution;
using Ipdr.Oci.Store;
using Ipdr.Oci.UnixFs.Reading;

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
        RepositoryReference name = parsed.GetRequiredValue(Name);
        if (parsed.GetValue(Places) is { Length: > 0 } paths)
        {
            ServedPlaces places = await ServedPlaces.OpenAsync(paths, null, cancellationToken).ConfigureAwait(false);
            await using (places.ConfigureAwait(false))
                return await RunAsync(parsed, name, null, places, cancellationToken).ConfigureAwait(false);
        }
        using ContentStore store = ContentStore.Open(StoreHome.Locate());
        return await RunAsync(parsed, name, store, null, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<int> RunAsync(ParseResult parsed, RepositoryReference name, ContentStore? store, ServedPlaces? places, CancellationToken cancellationToken)
    {
        IBlockSource atHand = store is not null ? store : places!.Blocks;
        RenewedPool? gateways = CidOptions.OpenGateways(parsed);
        try
        {
            IBlockSource blocks = gateways is null ? atHand : new JoinedBlocks([atHand, CidOptions.OpenCache(parsed, gateways)]);
            CidRegistry registry = new(store is not null ? store : places!.Content, blocks, store is null ? null : store.FindBlob, CidOptions.OpenResolvers(parsed, blocks, places));
            string text = parsed.GetValue(Short)
                ? (await FindAsync(store, registry, name, cancellationToken).ConfigureAwait(false) ?? throw Absent(name)).ToVersion1().ToString()
                : Encoding.UTF8.GetString(((await FindManifestAsync(registry, name, cancellationToken).ConfigureAwait(false)) ?? throw Absent(name)).Content.Span);
            await Console.Out.WriteLineAsync(text).ConfigureAwait(false);
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
        Cid? found = store is null ? null : name.Digest is { } digest
            ? await store.FindCidAsync(name.Repository, digest, cancellationToken).ConfigureAwait(false)
            : await store.FindCidAsync(name.Repository, name.Tag!.Value, cancellationToken).ConfigureAwait(false);
        return found ?? await registry.ResolveAsync(name.Repository, name.Tag ?? Tag.Latest, cancellationToken).ConfigureAwait(false);
    }

    private static ValueTask<RegistryManifest?> FindManifestAsync(CidRegistry registry, RepositoryReference name, CancellationToken cancellationToken) => name.Digest is { } digest
        ? registry.FindManifestAsync(name.Repository, digest, cancellationToken)
        : registry.FindManifestAsync(name.Repository, name.Tag!.Value, cancellationToken);

    private static IpdrException Absent(RepositoryReference name) =>
        new(new Fault(FaultCode.NotFound, "nothing has that name", name.ToString(), "See ipdr list, or name where to look with --cid-resolver."));
}
